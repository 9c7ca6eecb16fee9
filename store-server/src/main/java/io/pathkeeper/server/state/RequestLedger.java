package io.pathkeeper.server.state;

import io.pathkeeper.server.id.RequestId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes writes happen exactly once: the first result of every request, by client and number, for repeats. Apply thread.
 *
 * <p>A client has a floor: requests below it are never applied (any more). It rises with what the client acknowledges, and when
 * results have to go because of a limit. A repeat below the floor is therefore refused, never applied twice. A client that was
 * idle for the time of {@link StateLimits.Ledger#idleMillis} is forgotten altogether.
 */
final class RequestLedger {
    private final StateLimits.Ledger limits;
    /** All clients, the one used last at the end. */
    private final LinkedHashMap<String, Place> clients = new LinkedHashMap<>(16, 0.75f, true);
    /** Those of them that have results, in the same order. */
    private final LinkedHashMap<String, Place> loaded = new LinkedHashMap<>(16, 0.75f, true);

    private long totalBytes;
    private volatile long repeats;
    private long generation;

    /**
     * A client's place in both maps. When the client is pinned, a copy takes its place without a word to the maps: their order
     * decides who loses results, and must not depend on when a server pins.
     */
    private static final class Place {
        private LedgerClient client;

        Place(LedgerClient client) {
            this.client = client;
        }

        LedgerClient own(long generation) {
            if (client.generation != generation) {
                client = client.copy(generation);
            }
            return client;
        }
    }

    RequestLedger(StateLimits.Ledger limits) {
        this.limits = limits;
    }

    int clientCount() {
        return clients.size();
    }

    long totalBytes() {
        return totalBytes;
    }

    /** The answer of a request that must not be applied: the first result, or a refusal; null when it is to be applied. */
    @Nullable
    CommandResult answer(RequestId request, long clusterMillis) {
        if (request.sequence() < 1) {
            return Refusals.of(
                    RejectReason.ARGUMENT_INVALID,
                    "the request id of client " + request.clientId() + " has the sequence " + request.sequence()
                            + "; sequences begin with 1");
        }
        Place place = clients.get(request.clientId());
        if (place == null) {
            return clients.size() < limits.maxClients() ? null : overloaded();
        }
        loaded.get(request.clientId());
        LedgerClient client = place.own(generation);
        client.used(clusterMillis);
        long bytes = client.bytes();
        client.acknowledged(Math.min(request.acknowledgedBelow(), request.sequence()));
        account(place, bytes);
        CommandResult first = client.find(request.sequence());
        if (first != null) {
            repeats++;
        }
        return first == null && request.sequence() < client.floor() ? expired(request, client) : first;
    }

    private CommandResult overloaded() {
        return Refusals.of(
                RejectReason.OVERLOADED,
                "the store remembers the requests of " + clients.size() + " clients, which is the limit: try again when"
                        + " some have been idle for " + limits.idleMillis() + " ms, or write without a request id",
                "limit",
                Integer.toString(limits.maxClients()));
    }

    private static CommandResult expired(RequestId request, LedgerClient client) {
        return Refusals.of(
                RejectReason.REQUEST_ID_EXPIRED,
                "request " + request.sequence() + " of client " + request.clientId()
                        + " is older than the results that are kept, which begin with " + client.floor()
                        + ": it was not applied now; read to learn whether it was before",
                "limit",
                Long.toString(client.floor()),
                "actual",
                Long.toString(request.sequence()));
    }

    /** Requests that were answered with the result of the first one. Any thread. */
    long repeats() {
        return repeats;
    }

    /** Keeps the first result of a request that {@link #answer} let pass. */
    void keep(RequestId request, CommandResult result, long clusterMillis) {
        Place place = clients.get(request.clientId());
        if (place == null) {
            long floor = Math.max(1, Math.min(request.acknowledgedBelow(), request.sequence()));
            place = new Place(new LedgerClient(request.clientId(), generation, floor));
            place.client.used(clusterMillis);
            clients.put(request.clientId(), place);
        }
        LedgerClient client = place.own(generation);
        long bytes = client.bytes();
        client.add(request.sequence(), result);
        while (client.size() > 1
                && (client.size() > limits.maxResultsPerClient() || client.bytes() > limits.maxBytesPerClient())) {
            client.dropOldest();
        }
        account(place, bytes);
        if (totalBytes > limits.maxTotalBytes()) {
            shrink(place);
        }
    }

    /** Takes results from the clients that were idle longest, all but the newest one of the client that was served last. */
    private void shrink(Place last) {
        List<Place> drained = new ArrayList<>();
        long left = totalBytes;
        for (Place each : loaded.values()) {
            if (left <= limits.maxTotalBytes()) {
                break;
            }
            left -= each.client.bytes();
            drained.add(each);
        }
        for (Place each : drained) {
            int keep = each == last ? 1 : 0;
            LedgerClient client = each.own(generation);
            long bytes = client.bytes();
            while (client.size() > keep && totalBytes - (bytes - client.bytes()) > limits.maxTotalBytes()) {
                client.dropOldest();
            }
            account(each, bytes);
        }
    }

    private void account(Place place, long bytesBefore) {
        LedgerClient client = place.client;
        totalBytes += client.bytes() - bytesBefore;
        if (client.size() == 0) {
            loaded.remove(client.clientId);
        } else if (bytesBefore == 0) {
            loaded.put(client.clientId, place);
        }
    }

    /** Forgets the clients that have been idle for too long. */
    void forgetIdle(long clusterMillis) {
        if (clients.isEmpty()) {
            return;
        }
        Iterator<Place> oldest = clients.values().iterator();
        while (oldest.hasNext()) {
            LedgerClient client = oldest.next().client;
            if (clusterMillis - client.lastUsedMillis() < limits.idleMillis()) {
                return;
            }
            oldest.remove();
            loaded.remove(client.clientId);
            totalBytes -= client.bytes();
        }
    }

    /** All clients as they are now, the one used last at the end; nobody changes them any more. */
    List<LedgerClient> pin() {
        generation++;
        List<LedgerClient> pinned = new ArrayList<>(clients.size());
        for (Place place : clients.values()) {
            pinned.add(place.client);
        }
        return pinned;
    }

    /** Puts back a stored client, in the order of {@link #pin}. */
    void restore(ClientResults stored) {
        LedgerClient client = new LedgerClient(stored.clientId(), generation, stored.floor());
        client.used(stored.lastUsedMillis());
        long before = Long.MIN_VALUE;
        for (ClientResults.NumberedResult result : stored.results()) {
            if (result.sequence() <= before || result.sequence() < stored.floor()) {
                throw new InvalidStateException("ledger of client " + stored.clientId() + ": result "
                        + result.sequence() + " after " + before + " with floor " + stored.floor());
            }
            client.add(result.sequence(), result.result());
            before = result.sequence();
        }
        Place place = new Place(client);
        if (clients.put(client.clientId, place) != null) {
            throw new InvalidStateException("client " + stored.clientId() + " stands twice in the ledger");
        }
        account(place, 0);
    }
}
