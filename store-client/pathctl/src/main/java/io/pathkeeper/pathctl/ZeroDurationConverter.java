package io.pathkeeper.pathctl;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;

/** Reads a time span as {@link DurationConverter} does, and zero: {@code 0}, {@code 0s}. */
public final class ZeroDurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        return text.matches("0{1,9}(ms|s|m|h|d)?") ? Duration.ZERO : new DurationConverter().convert(text);
    }
}
