package io.pathkeeper.it.fault.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command line of the fuzzer. Exit codes: 0 nothing was found, 1 something was, 2 wrong use, 3 a decoder hangs. */
@Command(
        name = "fuzz",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Gives mutated inputs to every decoder of the product, which may accept or refuse them and nothing else.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing was found", "1:something was found", "2:wrong use", "3:a decoder hangs"})
public final class FuzzMain implements Callable<Integer> {
    @Option(
            names = "--inputs",
            defaultValue = "1000000",
            description = "Mutated inputs for all decoders together; default ${DEFAULT-VALUE}.")
    private long inputs;

    @Option(names = "--seed", description = "Where the dice begin; default: a random number, which is printed.")
    private @Nullable Long seed;

    @Option(names = "--decoder", split = ",", paramLabel = "NAME", description = "Only these; default: all.")
    private List<String> names = List.of();

    /** Runs the command line and ends this JVM. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs the command line and returns the exit code. */
    static int run(String... arguments) {
        CommandLine line = new CommandLine(new FuzzMain());
        line.setExecutionExceptionHandler((error, command, parsed) -> {
            System.err.println("fuzz: " + error.getMessage());
            if (!(error instanceof IllegalArgumentException)) {
                error.printStackTrace();
                return 1;
            }
            return 2;
        });
        return line.execute(arguments);
    }

    @Override
    public Integer call() {
        if (inputs < 1) {
            throw new IllegalArgumentException("--inputs is " + inputs + ": it must be above 0");
        }
        // what Ratis says of each damaged file is not what is looked for
        ((Logger) LoggerFactory.getLogger("org.apache.ratis")).setLevel(Level.OFF);
        long used = seed == null ? ThreadLocalRandom.current().nextLong(1, 1_000_000_000) : seed;
        Path files = files();
        try {
            List<Decoder> chosen = chosen(Decoders.all(files));
            System.out.println("seed " + used);
            List<FuzzResult> results = run(chosen, used);
            return report(results, used) ? 0 : 1;
        } finally {
            delete(files);
        }
    }

    private static Path files() {
        try {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "pathkeeper-fuzz")
                    : Files.createTempDirectory("pathkeeper-fuzz");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Decoder> chosen(List<Decoder> all) {
        List<String> known = all.stream().map(Decoder::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("there is no decoder '" + name + "', there are " + known);
            }
        }
        return all.stream()
                .filter(decoder -> names.isEmpty() || names.contains(decoder.name()))
                .toList();
    }

    private List<FuzzResult> run(List<Decoder> decoders, long used) {
        int shares =
                decoders.stream().mapToInt(each -> Decoders.share(each.name())).sum();
        List<FuzzResult> results = new ArrayList<>();
        try (Fuzzer fuzzer = new Fuzzer()) {
            for (Decoder decoder : decoders) {
                long count = Math.max(1, inputs * Decoders.share(decoder.name()) / shares);
                FuzzResult result = fuzzer.run(decoder, count, used);
                results.add(result);
                System.out.printf(
                        Locale.ROOT,
                        "%-17s %d of %d shares, %,12d inputs: %,11d accepted, %,11d refused, %d found; %,9d a second, at most %,d bytes each%n",
                        result.decoder(),
                        Decoders.share(decoder.name()),
                        shares,
                        result.inputs(),
                        result.accepted(),
                        result.refused(),
                        result.findings().size(),
                        result.rate(),
                        result.worstBytes());
                result.findings().forEach(finding -> System.out.println("  FOUND " + finding));
            }
        }
        return results;
    }

    private static boolean report(List<FuzzResult> results, long used) {
        long all = results.stream().mapToLong(FuzzResult::inputs).sum();
        long nanos = results.stream().mapToLong(FuzzResult::nanos).sum();
        long failed =
                results.stream().filter(result -> !result.findings().isEmpty()).count();
        System.out.printf(
                Locale.ROOT,
                "%,d inputs in %.1f s, %,d a second; seed %d%n",
                all,
                nanos / 1e9,
                nanos == 0 ? 0 : Math.round(all * 1e9 / nanos),
                used);
        System.out.println("fuzz: " + (results.size() - failed) + " passed, " + failed + " failed");
        return failed == 0;
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }
}
