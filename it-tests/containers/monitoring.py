"""Checks the dashboards and the alert rules against real servers.

    monitoring.py names DEPLOY METRICS_URL...        every metric and label that a panel or a rule names is exported by one of the servers
    monitoring.py panels DEPLOY PROMETHEUS_URL       every panel's query is answered by a Prometheus that scrapes them; with series
    monitoring.py targets PROMETHEUS_URL NUMBER      that many servers are scraped, within a minute
    monitoring.py page DEPLOY PROMETHEUS_URL TITLE...  prints the address of Prometheus' page with the graphs of these panels

Prints one line for each fault and ends with 1 if there was any.
"""
import json
import pathlib
import re
import sys
import time
import urllib.parse
import urllib.request

# exported only while TLS is on, or a quota is set; the names are compared with the server's own list instead
AT_TIMES = {"pathkeeper_tls_cert_expiry_timestamp_seconds": {"file"},
            "pathkeeper_quota_used": {"name", "kind"}, "pathkeeper_quota_limit": {"name", "kind"}}
OF_PROMETHEUS = {"up": set()}
ADDED_BY_PROMETHEUS = {"job", "instance"}
WORDS = {"by", "on", "without", "ignoring", "sum", "max", "min", "count", "rate", "increase", "max_over_time", "histogram_quantile",
         "time"}


def get(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read().decode()


def exported(urls):
    """name -> labels, of all servers together."""
    found = {}
    for url in urls:
        for line in get(url).splitlines():
            match = re.match(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ", line)
            if match and not line.startswith("#"):
                found.setdefault(match[1], set()).update(re.findall(r'([a-zA-Z_]\w*)="', match[2] or ""))
    return found


def queries(deploy):
    """(where, expression) of every panel and every rule."""
    for file in sorted((deploy / "grafana/dashboards").glob("*.json")):
        dashboard = json.loads(file.read_text())
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                yield f"{file.name}: {panel['title']}", target["expr"]
        for variable in dashboard["templating"]["list"]:
            query = re.fullmatch(r"label_values\((.*), *(\w+)\)", variable["query"])
            yield f"{file.name}: variable {variable['name']}", f"count by ({query[2]}) ({query[1]})"
    rules = (deploy / "prometheus/alerts.yml").read_text()
    names = re.findall(r"- alert: (\w+)", rules)
    expressions = re.findall(r"^ +expr: (.*)$", rules, re.M)
    assert len(names) == len(expressions) > 0, "alerts.yml: each alert has its expression on one line"
    for name, expression in zip(names, expressions):
        yield f"alerts.yml: {name}", expression


def named(expression):
    """The metrics of an expression, and the labels that are asked of them."""
    plain = re.sub(r'"(?:[^"\\]|\\.)*"', '""', expression)
    labels = set(re.findall(r"(\w+) *(?:=~|!~|!=|=)(?!=)", " ".join(re.findall(r"\{(.*?)\}", plain))))
    for group in re.findall(r"\b(?:by|on) *\(([^)]*)\)", plain):
        labels.update(label.strip() for label in group.split(","))
    plain = re.sub(r"\b(?:by|on) *\([^)]*\)", "", plain)
    plain = re.sub(r"\{.*?\}|\[.*?\]", "", plain)
    metrics = {word for word in re.findall(r"[a-zA-Z_]\w*", plain) if word not in WORDS}
    return metrics, labels


def check_names(deploy, urls):
    faults = 0
    found = exported(urls)
    for where, expression in queries(deploy):
        metrics, labels = named(expression)
        known = set(ADDED_BY_PROMETHEUS)
        if not metrics:
            faults += 1
            print(f"FAILED  {where}: names no metric: {expression}")
        for metric in sorted(metrics):
            if metric not in found and metric not in AT_TIMES and metric not in OF_PROMETHEUS:
                faults += 1
                print(f"FAILED  {where}: no server exports {metric}")
            known |= found.get(metric, set()) | AT_TIMES.get(metric, set())
        for label in sorted(labels - known):
            faults += 1
            print(f"FAILED  {where}: {', '.join(sorted(metrics))} has no label {label}")
    names = (deploy.parent / "store-server/src/main/java/io/pathkeeper/server/metrics/MeterNames.java").read_text()
    for metric in AT_TIMES:
        if f'"{metric}"' not in names:
            faults += 1
            print(f"FAILED  no meter is called {metric}")
    return faults


def ask(prometheus, expression):
    return json.loads(get(f"{prometheus}/api/v1/query?" + urllib.parse.urlencode({"query": expression})))["data"]["result"]


def filled(expression):
    return expression.replace("$__rate_interval", "1m").replace("$job", "pathkeeper").replace("$instance", ".*")


def page(deploy, prometheus, titles):
    known = {where.split(": ", 1)[1]: expression for where, expression in queries(deploy) if ".json: " in where}
    fields = {}
    for number, title in enumerate(titles):
        fields.update({f"g{number}.expr": filled(known[title]), f"g{number}.tab": "0", f"g{number}.range_input": "2m"})
    print(f"{prometheus}/classic/graph?" + urllib.parse.urlencode(fields))
    return 0


def check_panels(deploy, prometheus):
    faults = 0
    for where, expression in queries(deploy):
        if not where.split(":")[0].endswith(".json"):
            continue
        query = filled(expression)
        try:
            series = ask(prometheus, query)
        except urllib.error.HTTPError as e:
            faults += 1
            print(f"FAILED  {where}: {e.read().decode()[:300]}")
            continue
        # what failed may well be nothing; everything else has at least one series of zeros
        if not series and "code!=" not in query:
            faults += 1
            print(f"FAILED  {where}: no series for {query}")
    return faults


def check_targets(prometheus, number):
    for _ in range(60):
        up = [series for series in ask(prometheus, 'up{job="pathkeeper"} == 1')]
        rated = ask(prometheus, "rate(pathkeeper_keepalives_total[1m])")
        if len(up) == number and len(rated) == number:
            return 0
        time.sleep(1)
    print(f"FAILED  Prometheus does not scrape {number} servers: {up}")
    return 1


def main(arguments):
    if arguments[0] == "names":
        faults = check_names(pathlib.Path(arguments[1]).resolve(), arguments[2:])
    elif arguments[0] == "panels":
        faults = check_panels(pathlib.Path(arguments[1]).resolve(), arguments[2])
    elif arguments[0] == "page":
        faults = page(pathlib.Path(arguments[1]).resolve(), arguments[2], arguments[3:])
    else:
        faults = check_targets(arguments[1], int(arguments[2]))
    sys.exit(1 if faults else 0)


main(sys.argv[1:])
