package io.pathkeeper.client.internal;

import io.pathkeeper.v1.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The servers that this client may talk to: those that it was given, for ever, and those that the cluster tells of, as long as they
 * answer. An address that was learned and failed is left alone for a time that doubles from 5 s to 60 s. Safe for several threads.
 */
final class ServerDirectory {
    private static final long FIRST_REST_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LONGEST_REST_NANOS = TimeUnit.SECONDS.toNanos(60);

    private record Rest(long untilNanos, long lengthNanos) {}

    private final List<String> configured;
    private final LongSupplier nanoClock;
    private final Map<String, String> addressByMember = new LinkedHashMap<>();
    private final Map<String, String> memberByConfigured = new HashMap<>();
    private final Map<String, Rest> resting = new HashMap<>();

    ServerDirectory(List<String> configured, LongSupplier nanoClock) {
        this.configured = List.copyOf(configured);
        this.nanoClock = nanoClock;
    }

    /** Takes the members that the cluster told of in place of those it told of before. */
    synchronized void learn(List<Member> members) {
        addressByMember.clear();
        for (Member member : members) {
            try {
                addressByMember.put(member.getMemberId(), ClientSettings.normalizeAddress(member.getClientAddress()));
            } catch (IllegalArgumentException e) {
                // A member without a usable address is reached through the others.
                continue;
            }
        }
        resting.keySet().removeIf(address -> !addressByMember.containsValue(address) && !configured.contains(address));
    }

    /** Notes which member answered at an address. */
    synchronized void identified(String address, String memberId) {
        if (configured.contains(address)) {
            memberByConfigured.put(address, memberId);
        }
        resting.remove(address);
    }

    /** Leaves an address alone for a while. Configured addresses still take their turn in {@link #after}. */
    synchronized void failed(String address) {
        Rest rest = resting.get(address);
        long length = rest == null ? FIRST_REST_NANOS : Math.min(LONGEST_REST_NANOS, 2 * rest.lengthNanos());
        resting.put(address, new Rest(nanoClock.getAsLong() + length, length));
    }

    /** Returns the address of a member: a configured one at which it answered before, else the one it advertises; null when none is usable. */
    synchronized @Nullable String addressOf(String memberId) {
        for (Map.Entry<String, String> entry : memberByConfigured.entrySet()) {
            if (entry.getValue().equals(memberId) && !isResting(entry.getKey())) {
                return entry.getKey();
            }
        }
        String address = addressByMember.get(memberId);
        return address == null || isResting(address) ? null : address;
    }

    synchronized boolean knows(String memberId) {
        return addressByMember.containsKey(memberId) || memberByConfigured.containsValue(memberId);
    }

    /** Returns all addresses to try: the configured ones, then learned ones that are not left alone. */
    synchronized List<String> candidates() {
        List<String> all = new ArrayList<>(configured);
        for (Map.Entry<String, String> entry : addressByMember.entrySet()) {
            String address = entry.getValue();
            boolean known = memberByConfigured.containsValue(entry.getKey());
            if (!known && !all.contains(address) && !isResting(address)) {
                all.add(address);
            }
        }
        return all;
    }

    /** Returns the address that takes its turn after another one. */
    String after(String address) {
        List<String> all = candidates();
        return all.get((all.indexOf(address) + 1) % all.size());
    }

    private boolean isResting(String address) {
        Rest rest = resting.get(address);
        return rest != null && rest.untilNanos() - nanoClock.getAsLong() > 0;
    }
}
