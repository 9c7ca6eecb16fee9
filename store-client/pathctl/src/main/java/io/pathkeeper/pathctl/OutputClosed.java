package io.pathkeeper.pathctl;

import java.io.IOException;
import java.io.OutputStream;

/** The output takes no more: its reader went away, or its file system is full. Ends the command at once. */
public final class OutputClosed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean readerGone;

    OutputClosed(IOException cause) {
        super("cannot write the output: " + cause.getMessage(), cause);
        this.readerGone = String.valueOf(cause.getMessage()).contains("Broken pipe");
    }

    /** Returns whether the reader had enough, as {@code head} has, which is no failure. */
    public boolean readerGone() {
        return readerGone;
    }

    /** Returns a stream that throws this where {@code target} throws {@link IOException}, which a PrintStream would swallow. */
    public static OutputStream telling(OutputStream target) {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                try {
                    target.write(bytes, offset, length);
                } catch (IOException e) {
                    throw new OutputClosed(e);
                }
            }

            @Override
            public void flush() {
                try {
                    target.flush();
                } catch (IOException e) {
                    throw new OutputClosed(e);
                }
            }
        };
    }
}
