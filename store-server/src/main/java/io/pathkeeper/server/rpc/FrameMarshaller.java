package io.pathkeeper.server.rpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Writes frames that are serialized already, so that a thousand observers of a change cost one serialization. */
final class FrameMarshaller implements MethodDescriptor.Marshaller<ObserveFrames.Frame> {
    @Override
    public InputStream stream(ObserveFrames.Frame frame) {
        return new FrameStream(frame.bytes());
    }

    @Override
    public ObserveFrames.Frame parse(InputStream stream) {
        try {
            return new ObserveFrames.Frame(stream.readAllBytes());
        } catch (IOException e) {
            throw new IllegalArgumentException("a frame could not be read", e);
        }
    }

    private static final class FrameStream extends ByteArrayInputStream implements Drainable, KnownLength {
        FrameStream(byte[] bytes) {
            super(bytes);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int length = count - pos;
            target.write(buf, pos, length);
            pos = count;
            return length;
        }
    }
}
