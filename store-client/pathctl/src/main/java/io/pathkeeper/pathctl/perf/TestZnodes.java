package io.pathkeeper.pathctl.perf;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.transfer.SubtreeDeletion;
import java.util.concurrent.CompletableFuture;

/** The znodes that a measurement works on: {@code ROOT/dNNN/nNNNNNNNN}, at most 1,000 in each directory. For one thread. */
public final class TestZnodes {
    private static final int DIRECTORY_SIZE = 1_000;
    private static final int BATCH = 4_000;

    private final PathkeeperClient client;
    private final String root;
    private String[] paths = {};
    private boolean begun;

    /** Makes a handle; nothing is created yet. */
    public TestZnodes(PathkeeperClient client, String root) {
        this.client = client;
        this.root = root;
    }

    /** Creates {@code count} znodes. The root must not exist. */
    public void create(int count, Value value) {
        client.store().create(root, Value.NULL, CreateOptions.defaults().createParents(true));
        begun = true;
        client.store().create(createBelow(), Value.NULL);
        paths = new String[count];
        for (int begin = 0; begin < count; begin += BATCH) {
            int end = Math.min(count, begin + BATCH);
            CompletableFuture<?>[] batch = new CompletableFuture<?>[end - begin];
            for (int i = begin; i < end; i++) {
                String directory = root + "/d" + i / DIRECTORY_SIZE;
                if (i % DIRECTORY_SIZE == 0) {
                    client.store().create(directory, Value.NULL);
                }
                paths[i] = directory + "/n" + i;
                batch[i - begin] = client.async().create(paths[i], value);
            }
            CompletableFuture.allOf(batch).join();
        }
    }

    /** Returns the paths of the znodes. */
    public String[] paths() {
        return paths;
    }

    /** Returns the path of the znode that new ones are created in. */
    public String createBelow() {
        return root + "/created";
    }

    /** Deletes everything that was created. */
    public void delete() {
        if (begun) {
            try {
                new SubtreeDeletion(client).delete(root);
            } catch (NodeNotFoundException e) {
                return; // somebody else deleted it
            }
        }
    }
}
