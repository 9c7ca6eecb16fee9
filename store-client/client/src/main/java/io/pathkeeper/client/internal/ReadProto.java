package io.pathkeeper.client.internal;

import io.pathkeeper.client.model.Consistency;
import io.pathkeeper.client.model.ListOptions;
import io.pathkeeper.client.model.ReadOptions;
import io.pathkeeper.client.model.ScanOptions;
import io.pathkeeper.client.model.ValueFormat;
import io.pathkeeper.client.model.View;
import io.pathkeeper.v1.BatchGetRequest;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.ScanSubtreeRequest;
import java.time.Duration;
import java.util.List;

/** Writes reads in the form of the wire. The least revision of a read is put in when it is sent, not before. */
final class ReadProto {
    private ReadProto() {}

    static GetRequest get(String path, ReadOptions options) {
        GetRequest.Builder request = GetRequest.newBuilder().setPath(path);
        if (options == ReadOptions.defaults()) {
            return request.build();
        }
        return request.setOptions(of(options))
                .setView(view(options.view()))
                .setValueFormat(format(options.format()))
                .build();
    }

    static BatchGetRequest batchGet(List<String> paths, ReadOptions options) {
        return BatchGetRequest.newBuilder()
                .addAllPaths(paths)
                .setOptions(of(options))
                .setView(view(options.view()))
                .setValueFormat(format(options.format()))
                .build();
    }

    static ListChildrenRequest list(String path, ListOptions options) {
        return ListChildrenRequest.newBuilder()
                .setPath(path)
                .setPageSize(options.pageSize())
                .setPageToken(options.pageToken())
                .setNamePrefix(options.namePrefix())
                .setStartAfter(options.startAfter())
                .setView(view(options.view()))
                .setValueFormat(format(options.format()))
                .setOptions(of(options.consistency(), options.minRevision(), options.maxStaleness()))
                .build();
    }

    static ScanSubtreeRequest scan(String path, ScanOptions options) {
        return ScanSubtreeRequest.newBuilder()
                .setPath(path)
                .setView(view(options.view()))
                .setValueFormat(format(options.format()))
                .setOptions(of(options.consistency(), options.minRevision(), options.maxStaleness()))
                .build();
    }

    private static io.pathkeeper.v1.ReadOptions of(ReadOptions options) {
        return of(options.consistency(), options.minRevision(), options.maxStaleness());
    }

    static io.pathkeeper.v1.ReadOptions of(Consistency consistency, long minRevision, Duration maxStaleness) {
        return io.pathkeeper.v1.ReadOptions.newBuilder()
                .setConsistency(
                        switch (consistency) {
                            case LINEARIZABLE -> io.pathkeeper.v1.Consistency.CONSISTENCY_LINEARIZABLE;
                            case AT_LEAST -> io.pathkeeper.v1.Consistency.CONSISTENCY_AT_LEAST;
                            case LOCAL -> io.pathkeeper.v1.Consistency.CONSISTENCY_LOCAL;
                        })
                .setMinRevision(minRevision)
                .setMaxStalenessMs(maxStaleness.toMillis())
                .build();
    }

    /** Returns whether a read of this consistency must be told what the client has seen. */
    static boolean needsSeenRevision(io.pathkeeper.v1.ReadOptions options) {
        return options.getConsistency() == io.pathkeeper.v1.Consistency.CONSISTENCY_AT_LEAST
                || options.getConsistency() == io.pathkeeper.v1.Consistency.CONSISTENCY_LOCAL;
    }

    /** Returns the options with the seen revision when they need it and ask for less. */
    static io.pathkeeper.v1.ReadOptions withSeenRevision(io.pathkeeper.v1.ReadOptions options, long seen) {
        return needsSeenRevision(options) && options.getMinRevision() < seen
                ? options.toBuilder().setMinRevision(seen).build()
                : options;
    }

    static io.pathkeeper.v1.View view(View view) {
        return switch (view) {
            case NAME -> io.pathkeeper.v1.View.VIEW_NAME;
            case STAT -> io.pathkeeper.v1.View.VIEW_STAT;
            case FULL -> io.pathkeeper.v1.View.VIEW_FULL;
        };
    }

    static io.pathkeeper.v1.ValueFormat format(ValueFormat format) {
        return switch (format) {
            case TYPED -> io.pathkeeper.v1.ValueFormat.VALUE_FORMAT_VALUE;
            case JSON -> io.pathkeeper.v1.ValueFormat.VALUE_FORMAT_JSON;
            case RAW -> io.pathkeeper.v1.ValueFormat.VALUE_FORMAT_RAW;
        };
    }
}
