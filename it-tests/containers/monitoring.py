"""Checks the dashboards and the alert rules against real servers.

    monitoring.py names DEPLOY METRICS_URL...        every metric and label that a panel or a rule names is exported by one of the servers
    monitoring.py grafana DEPLOY                     what Grafana is given fits together: the data source, the paths, the dashboards' identities
    monitoring.py panels DEPLOY PROMETHEUS_URL       every panel's query is answered by a Prometheus that scrapes them; with series
    monitoring.py targets PROMETHEUS_URL NUMBER      that many servers are scraped, within a minute
    monitoring.py alert ALERTMANAGER_URL NAME INSTANCE   Alertmanager tells of it, within two and a half minutes
    monitoring.py no-alert ALERTMANAGER_URL NAME     Alertmanager knows nothing of that name
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


def one(pattern, text, what):
    """What the only match of the pattern captured."""
    found = re.findall(pattern, text, re.M)
    assert len(found) == 1, f"{what}: {len(found)} matches of {pattern}"
    return found[0]


def check_grafana(deploy):
    """Without a Grafana: each file that names something of another one names what is there."""
    faults = []
    compose = (deploy / "cluster/docker-compose.yml").read_text()
    provisioning = deploy / "grafana/provisioning"
    source = (provisioning / "datasources/prometheus.yml").read_text()
    provider = (provisioning / "dashboards/pathkeeper.yml").read_text()
    uid = one(r"^ +uid: (\S+)$", source, "data source")
    host, port = one(r"^ +url: http://([\w.-]+):(\d+)$", source, "data source")
    services = re.findall(r"^  (\w+):$", compose.split("\nservices:\n")[1].split("\nnetworks:\n")[0], re.M)
    if host not in services:
        faults.append(f"data source: the Compose file has no service {host}")
    elif f":{port}\"]" not in compose.split(f"\n  {host}:\n")[1].split("\n  networks:\n")[0]:
        faults.append(f"data source: service {host} has no port {port}")
    folder = one(r"path: ([\w/]+)", provider, "provider of the dashboards")
    mounts = dict(re.findall(r"^ +- \.\./(grafana/\w+):([\w/]+):ro$", compose, re.M))
    for mounted, wanted in (("grafana/dashboards", folder), ("grafana/provisioning", "/etc/grafana/provisioning")):
        if mounts.get(mounted) != wanted:
            faults.append(f"{mounted} is mounted at {mounts.get(mounted)}, and read at {wanted}")
    home = pathlib.PurePosixPath(one(r"GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: (\S+)", compose, "home dashboard"))
    files = sorted((deploy / "grafana/dashboards").glob("*.json"))
    if str(home.parent) != folder or home.name not in [file.name for file in files]:
        faults.append(f"the home dashboard {home} is not there")
    seen = {}
    for file in files:
        dashboard = json.loads(file.read_text())
        other = seen.setdefault(dashboard["uid"], file.name)
        if other != file.name:
            faults.append(f"{file.name} has the identity of {other}")
        ids = [panel["id"] for panel in dashboard["panels"]]
        if len(set(ids)) != len(ids):
            faults.append(f"{file.name}: two panels have one id")
        named_sources = [(panel["title"], panel["datasource"]) for panel in dashboard["panels"]]
        named_sources += [(variable["name"], variable["datasource"]) for variable in dashboard["templating"]["list"]]
        faults += [f"{file.name}: {title}: there is no data source {which}" for title, which in named_sources
                   if which != {"type": "prometheus", "uid": uid}]
        variables = {variable["name"] for variable in dashboard["templating"]["list"]} | {"__rate_interval", "__interval", "__range"}
        used = set(re.findall(r"\$\{?(\w+)", " ".join(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])))
        faults += [f"{file.name}: there is no variable {name}" for name in sorted(used - variables)]
    for fault in faults:
        print(f"FAILED  {fault}")
    print(f"{len(files)} dashboards, data source {uid}")
    return len(faults)


def check_targets(prometheus, number):
    for _ in range(60):
        up = [series for series in ask(prometheus, 'up{job="pathkeeper"} == 1')]
        rated = ask(prometheus, "rate(pathkeeper_keepalives_total[1m])")
        if len(up) == number and len(rated) == number:
            return 0
        time.sleep(1)
    print(f"FAILED  Prometheus does not scrape {number} servers: {up}")
    return 1


def told(alertmanager, name):
    found = json.loads(get(f"{alertmanager}/api/v2/alerts?" + urllib.parse.urlencode({"filter": f'alertname="{name}"', "active": "true"})))
    return sorted(alert["labels"]["instance"] for alert in found)


def check_alert(alertmanager, name, instance):
    instances = []
    for _ in range(150):
        instances = told(alertmanager, name)
        if instance in instances:
            break
        time.sleep(1)
    if instances == [instance]:
        return 0
    print(f"FAILED  Alertmanager tells of {name} for {instances}, not for {instance} alone")
    return 1


def check_no_alert(alertmanager, name):
    instances = told(alertmanager, name)
    if not instances:
        return 0
    print(f"FAILED  Alertmanager tells of {name} for {instances}")
    return 1


def main(arguments):
    if arguments[0] == "names":
        faults = check_names(pathlib.Path(arguments[1]).resolve(), arguments[2:])
    elif arguments[0] == "panels":
        faults = check_panels(pathlib.Path(arguments[1]).resolve(), arguments[2])
    elif arguments[0] == "grafana":
        faults = check_grafana(pathlib.Path(arguments[1]).resolve())
    elif arguments[0] == "alert":
        faults = check_alert(*arguments[1:])
    elif arguments[0] == "no-alert":
        faults = check_no_alert(*arguments[1:])
    elif arguments[0] == "page":
        faults = page(pathlib.Path(arguments[1]).resolve(), arguments[2], arguments[3:])
    else:
        faults = check_targets(arguments[1], int(arguments[2]))
    sys.exit(1 if faults else 0)


main(sys.argv[1:])
