package io.pathkeeper.client.model;

import java.util.List;

/**
 * The cluster's facts, as one of its servers knows them.
 *
 * @param header who answered, and who leads
 * @param members all members
 * @param limits the limits of the store
 * @param version version of the answering server
 * @param features names of optional abilities that the answering server has
 */
public record ClusterInfo(
        ResponseHeader header, List<Member> members, Limits limits, String version, List<String> features) {
    /** Copies the lists. */
    public ClusterInfo {
        members = List.copyOf(members);
        features = List.copyOf(features);
    }
}
