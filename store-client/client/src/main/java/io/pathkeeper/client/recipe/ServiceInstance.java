package io.pathkeeper.client.recipe;

import io.pathkeeper.client.model.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One instance of a service.
 *
 * @param service name of the service, one path segment
 * @param id name of the instance, one path segment, unique in the service
 * @param host where it is reached: a name or an address
 * @param port where it is reached: 1 to 65,535
 * @param labels what it says about itself
 */
public record ServiceInstance(String service, String id, String host, int port, Map<String, String> labels) {
    /**
     * Copies the labels.
     *
     * @throws IllegalArgumentException when the port is out of range
     */
    public ServiceInstance {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(host, "host");
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port must be 1 to 65,535, not " + port);
        }
        labels = Map.copyOf(labels);
    }

    Value toValue() {
        Map<String, Value> values = new LinkedHashMap<>();
        labels.forEach((key, label) -> values.put(key, Value.of(label)));
        return Value.map("host", host, "port", port, "labels", Value.of(values));
    }

    /** Reads an instance; throws when the znode holds something else. */
    static ServiceInstance of(String service, String id, Value value) {
        Map<String, String> labels = new LinkedHashMap<>();
        Value given = value.find("labels");
        if (given != null) {
            given.asMap().forEach((key, label) -> labels.put(key, label.asString()));
        }
        return new ServiceInstance(
                service,
                id,
                value.get("host").asString(),
                Math.toIntExact(value.get("port").asLong()),
                labels);
    }
}
