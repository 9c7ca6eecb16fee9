package io.pathkeeper.server.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One member of the cluster as the configuration names it.
 *
 * @param id identity
 * @param raft address for the other servers
 * @param client address for clients
 */
public record MemberAddress(String id, Address raft, Address client) {
    private static final int MOST = 9;

    /** Reads {@code id=host:raftport/host:clientport} separated by commas; empty gives none. */
    static List<MemberAddress> parseList(String text) {
        List<MemberAddress> members = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Set<String> addresses = new HashSet<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            MemberAddress member = parse(part.strip());
            if (!ids.add(member.id)) {
                throw new ConfigException(
                        "cluster.members names '" + member.id + "' twice: every member has its own id");
            }
            if (!addresses.add(member.raft.toString()) || !addresses.add(member.client.toString())) {
                throw new ConfigException("cluster.members: an address of '" + member.id + "' is used twice (" + member
                        + "): every server needs two of its own");
            }
            members.add(member);
        }
        if (members.size() > MOST) {
            throw new ConfigException(
                    "cluster.members has " + members.size() + " members: allowed are at most " + MOST);
        }
        return List.copyOf(members);
    }

    private static MemberAddress parse(String part) {
        int equals = part.indexOf('=');
        int slash = part.indexOf('/');
        if (equals <= 0 || slash <= equals) {
            throw new ConfigException("cluster.members has '" + part
                    + "': allowed is id=host:raftport/host:clientport, separated by commas");
        }
        String id = part.substring(0, equals);
        ConfigKeys.MEMBER_ID.check(id);
        try {
            Address raft = Address.parse(part.substring(equals + 1, slash));
            Address client = Address.parse(part.substring(slash + 1));
            if (raft.port() == 0 || client.port() == 0) {
                throw new IllegalArgumentException("port 0 cannot be reached by others");
            }
            return new MemberAddress(id, raft, client);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("cluster.members has '" + part + "': " + e.getMessage());
        }
    }

    @Override
    public String toString() {
        return id + "=" + raft + "/" + client;
    }
}
