package io.pathkeeper.server.snapshot;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Function;

/** Sequences of steps, each of which writes one record: nothing is done before its turn comes. */
final class Records {
    private Records() {}

    /** No step. */
    static Iterator<Runnable> none() {
        return List.<Runnable>of().iterator();
    }

    /** One step for each. */
    static <T> Iterator<Runnable> each(Iterator<T> things, Consumer<T> write) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return things.hasNext();
            }

            @Override
            public Runnable next() {
                T thing = things.next();
                return () -> write.accept(thing);
            }
        };
    }

    /** The steps of each, one after the other; the next one's are asked for when those before are done. */
    static <T> Iterator<Runnable> flat(Iterator<T> things, Function<T, Iterator<Runnable>> steps) {
        return new Iterator<>() {
            private Iterator<Runnable> current = none();

            @Override
            public boolean hasNext() {
                while (!current.hasNext() && things.hasNext()) {
                    current = steps.apply(things.next());
                }
                return current.hasNext();
            }

            @Override
            public Runnable next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("there is no further record");
                }
                return current.next();
            }
        };
    }

    /** The first steps, then the second. */
    static Iterator<Runnable> chain(Iterator<Runnable> first, Iterator<Runnable> second) {
        return flat(List.of(first, second).iterator(), Function.identity());
    }

    /** One step, then the others. */
    static Iterator<Runnable> headed(Runnable head, Iterator<Runnable> rest) {
        return chain(List.of(head).iterator(), rest);
    }
}
