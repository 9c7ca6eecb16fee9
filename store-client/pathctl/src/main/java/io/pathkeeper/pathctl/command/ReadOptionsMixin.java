package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.Consistency;
import picocli.CommandLine.Option;

/** How reads are made. */
final class ReadOptionsMixin {
    @Option(
            names = "--local",
            description = "Read what the answering server has now, which may be behind; works without a leader.")
    boolean local;

    Consistency consistency() {
        return local ? Consistency.LOCAL : Consistency.LINEARIZABLE;
    }
}
