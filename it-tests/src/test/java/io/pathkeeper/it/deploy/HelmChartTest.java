package io.pathkeeper.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The chart, by Helm itself: it is well formed, is the same as the plain manifests, and the server takes the settings that it makes. */
class HelmChartTest {
    private static final Path DEPLOY = Path.of("../deploy");
    private static final Path CHART = DEPLOY.resolve("helm/pathkeeper");

    @TempDir
    private Path scratch = Path.of("");

    private static TemplateCommand chart(String release) {
        return new Helm(CHART).template().withName(release).withKubeVersion("v1.30.0");
    }

    private static List<Map<String, Object>> documents(String yaml) {
        List<Map<String, Object>> documents = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
            if (document instanceof Map<?, ?> map) {
                documents.add(object(map));
            }
        }
        return documents;
    }

    @SuppressWarnings("unchecked") // the keys of Kubernetes' objects are texts
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
        return (List<Object>) value;
    }

    private static Object at(Object from, String path) {
        Object found = from;
        for (String step : path.split("/")) {
            found = Character.isDigit(step.charAt(0))
                    ? list(found).get(Integer.parseInt(step))
                    : object(found).get(step);
            assertThat(found).as("%s of %s", step, path).isNotNull();
        }
        return found;
    }

    private static Map<String, Map<String, Object>> byKindAndName(List<Map<String, Object>> documents) {
        Map<String, Map<String, Object>> found = new TreeMap<>();
        documents.forEach(document -> found.put(document.get("kind") + "/" + at(document, "metadata/name"), document));
        return found;
    }

    /** What the chart says more, and what kustomization.yaml puts in. */
    private static Object plain(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(HelmChartTest::plain).toList();
        }
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        Map<String, Object> plain = new LinkedHashMap<>();
        object(map).forEach((key, part) -> {
            boolean more = key.equals("imagePullPolicy")
                    || key.equals("scheme") && part.equals("HTTP")
                    || key.startsWith("app.kubernetes.io/")
                    || key.equals("helm.sh/chart");
            Object kept = key.equals("image") ? part.toString().replace(":dev", "") : plain(part);
            if (!more && !(key.equals("labels") && kept.equals(Map.of()))) {
                plain.put(key, kept);
            }
        });
        return plain;
    }

    private static List<Object> environment(List<Map<String, Object>> documents) {
        Map<String, Object> set = documents.stream()
                .filter(document -> "StatefulSet".equals(document.get("kind")))
                .findFirst()
                .orElseThrow();
        return list(at(set, "spec/template/spec/containers/0/env"));
    }

    /** The server's own reading of the settings that the chart gives to the first one. */
    private static ServerConfig settings(String rendered, String member) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (Object variable : environment(documents(rendered))) {
            String name = String.valueOf(object(variable).get("name"));
            Object value = object(variable).get("value");
            variables.put(name, value == null ? member : value.toString().replace("$(PATHKEEPER_MEMBER_ID)", member));
        }
        variables.put("PATHKEEPER_DATA_DIR", "/var/lib/pathkeeper");
        variables.put("PATHKEEPER_CLIENT_LISTEN", "0.0.0.0:7420");
        variables.put("PATHKEEPER_RAFT_LISTEN", "0.0.0.0:7421");
        variables.put("PATHKEEPER_HTTP_LISTEN", "0.0.0.0:7422");
        return new ConfigLoader().environment(variables).load();
    }

    @Test
    void helmFindsNothingToSay() {
        LintResult result = new Helm(CHART).lint().strict().call();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        assertThat(result.getMessages())
                .noneMatch(message -> message.contains("[WARNING]") || message.contains("[ERROR]"));
    }

    @Test
    void helmFindsAFaultThatIsPlanted() throws IOException {
        Path broken = scratch.resolve("pathkeeper");
        try (Stream<Path> files = Files.walk(CHART)) {
            for (Path file : files.toList()) {
                Path copy = broken.resolve(CHART.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        Path services = broken.resolve("templates/services.yaml");
        Files.writeString(services, Files.readString(services).replace("spec:", "spec: {{ .Values.nothing.there }}"));
        assertThat(new Helm(broken).lint().strict().call().isFailed()).isTrue();
    }

    @Test
    void withoutValuesItIsThePlainManifests() throws IOException {
        List<Map<String, Object>> manifests = new ArrayList<>();
        for (String file : List.of("services", "statefulset", "disruption", "network-policy")) {
            manifests.addAll(documents(Files.readString(DEPLOY.resolve("kubernetes/" + file + ".yaml"))));
        }
        Map<String, Map<String, Object>> expected = byKindAndName(manifests);
        Map<String, Map<String, Object>> rendered =
                byKindAndName(documents(chart("pathkeeper").call()));
        assertThat(rendered.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, manifest) ->
                assertThat(plain(rendered.get(name))).as(name).isEqualTo(plain(manifest)));
        Map<String, Object> other = byKindAndName(documents(
                        chart("pathkeeper").set("storage.size", "11Gi").call()))
                .get("StatefulSet/pathkeeper");
        assertThat(plain(other)).as("a difference is seen").isNotEqualTo(plain(expected.get("StatefulSet/pathkeeper")));
    }

    @Test
    void theServerTakesItsSettings() {
        String rendered = chart("store")
                .set("servers", 5)
                .set("clusterId", "blue")
                .set("settings.log\\.format", "json")
                .call();
        ServerConfig config = settings(rendered, "store-pathkeeper-4");
        assertThat(config.cluster().id()).isEqualTo("blue");
        assertThat(config.cluster().memberId()).isEqualTo("store-pathkeeper-4");
        assertThat(config.cluster().members()).hasSize(5);
        assertThat(rendered).contains("replicas: 5").contains("name: PATHKEEPER_LOG_FORMAT, value: \"json\"");
    }

    @Test
    void secretsTurnTlsAndAuthenticationOn() {
        String rendered = chart("pathkeeper")
                .set("tls.secret", "pathkeeper-tls")
                .set("auth.secret", "pathkeeper-auth")
                .call();
        assertThat(rendered)
                .doesNotContain("ALLOW_INSECURE")
                .doesNotContain("scheme: HTTP}")
                .contains("scheme: HTTPS")
                .contains("secretName: \"pathkeeper-tls\"", "secretName: \"pathkeeper-auth\"");
        ServerConfig config = settings(rendered, "pathkeeper-1");
        assertThat(config.auth().enabled()).isTrue();
        assertThat(config.auth().rootTokenFile()).isEqualTo(Path.of("/etc/pathkeeper/auth/root.token"));
        assertThat(config.toString()).contains("/etc/pathkeeper/tls/pathkeeper-1-raft.pem");
    }

    @Test
    void oneServerHasNoDisruptionBudgetAndTheNetworkPolicyCanBeLeftOut() {
        String rendered = chart("pathkeeper")
                .set("servers", 1)
                .set("networkPolicy.enabled", false)
                .call();
        assertThat(byKindAndName(documents(rendered)).keySet())
                .containsExactly("Service/pathkeeper", "Service/pathkeeper-servers", "StatefulSet/pathkeeper");
    }

    @Test
    void refusesValuesThatMakeNoCluster() {
        assertThatThrownBy(() -> chart("pathkeeper").set("servers", 2).call()).hasMessageContaining("servers");
        assertThatThrownBy(() -> chart("pathkeeper").set("server", 3).call()).hasMessageContaining("server");
        assertThatThrownBy(() -> chart("pathkeeper").set("settings.heap", "1g").call())
                .hasMessageContaining("heap");
        assertThatThrownBy(
                        () -> chart("pathkeeper").set("storage.size", "plenty").call())
                .hasMessageContaining("size");
    }
}
