package io.pathkeeper.it.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The Python program that loads stores, {@code it-tests/bench/load.py}. Immutable. */
final class PythonProgram {
    private static final List<Workload> WORKLOADS = List.of(Workload.SET, Workload.GET_LIN, Workload.GET_LOCAL);

    private final Path scripts;
    private final String python;

    private PythonProgram(Path scripts, String python) {
        this.scripts = scripts;
        this.python = python;
    }

    /**
     * Refuses what the program does not do.
     *
     * @param against stores beside Pathkeeper
     * @param workloads as they were given
     */
    static void checkUse(Collection<String> against, List<String> workloads) {
        if (against.contains("zookeeper")) {
            throw new WrongUseException("--through python leaves out ZooKeeper, which has no gRPC: --against etcd");
        }
        for (String name : workloads) {
            if (TrialKind.of(name).isPresent() || !WORKLOADS.contains(Workload.of(name))) {
                throw new WrongUseException("--through python has no workload '" + name + "': name some of "
                        + WORKLOADS.stream().map(Workload::label).collect(Collectors.joining(", "))
                        + " with --workloads");
            }
        }
    }

    /**
     * Finds the program and what it needs.
     *
     * @param repository where it is, and the API's files
     * @param environment of this process; PYTHON in it is a Python other than Debian's
     * @throws WrongUseException when something is not installed; the message says what
     */
    static PythonProgram find(Path repository, Map<String, String> environment)
            throws IOException, InterruptedException {
        PythonProgram program = new PythonProgram(
                repository.toAbsolutePath().resolve("it-tests"),
                environment.getOrDefault("PYTHON", "/usr/bin/python3"));
        program.stubs(List.of());
        return program;
    }

    /**
     * Makes the stubs, starts the program and waits until it is connected.
     *
     * @param store as the program calls it
     * @param token of the caller; empty where everybody may do everything
     * @param directory takes the stubs and what the program says beside its answers
     */
    PythonLoad start(String store, List<String> addresses, Znodes znodes, String token, Path directory)
            throws IOException, InterruptedException {
        Path stubs = directory.resolve("python-stubs");
        Path log = directory.resolve("python.log");
        stubs(List.of(stubs.toString()));
        ProcessBuilder builder = new ProcessBuilder(
                        python, scripts.resolve("bench/load.py").toString())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("PYTHONPATH", stubs.toString());
        PythonLoad load = new PythonLoad(builder.start(), log);
        load.begin(store, addresses, znodes, token);
        return load;
    }

    private void stubs(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(scripts.resolve("bin/python-stubs").toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PYTHON", python);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new WrongUseException("--through python: " + said.strip());
        }
    }
}
