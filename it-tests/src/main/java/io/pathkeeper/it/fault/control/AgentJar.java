package io.pathkeeper.it.fault.control;

import io.pathkeeper.it.fault.control.agent.ControlAgent;
import io.pathkeeper.it.fault.control.agent.ForcedLengths;
import io.pathkeeper.it.fault.control.agent.PlantedFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import org.jspecify.annotations.Nullable;

/**
 * The agent as files that a JVM takes, made from the classes that this JVM runs with.
 *
 * @param agent jar of the agent; its manifest names Byte Buddy's jar
 * @param boot jar of what the JVM's own loader has to know
 */
public record AgentJar(Path agent, Path boot) {
    private static final String PACKAGE = ControlAgent.class.getPackageName().replace('.', '/') + "/";

    /** Writes both into a directory, which is made. */
    public static AgentJar write(Path directory) {
        try {
            Files.createDirectories(directory);
            Path agent = directory.toAbsolutePath().normalize().resolve("control-agent.jar");
            Path boot = agent.resolveSibling("control-agent-boot.jar");
            Manifest manifest = new Manifest();
            Attributes attributes = manifest.getMainAttributes();
            attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
            attributes.putValue("Premain-Class", ControlAgent.class.getName());
            attributes.putValue("Can-Retransform-Classes", "true");
            attributes.putValue("Can-Redefine-Classes", "true");
            attributes.put(Attributes.Name.CLASS_PATH, place(ByteBuddy.class).toString());
            write(agent, manifest, classes());
            Manifest plain = new Manifest();
            plain.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
            write(boot, plain, List.of(ForcedLengths.class.getName().replace('.', '/') + ".class"));
            return new AgentJar(agent, boot);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the agent into " + directory + ": " + e.getMessage(), e);
        }
    }

    /** The option for a JVM that shall run a server with a planted fault and nothing else. */
    public String option(PlantedFault fault) {
        if (fault == PlantedFault.LOG_NOT_FORCED) {
            throw new IllegalArgumentException(fault.label() + " needs a record of what was forced");
        }
        return "-javaagent:" + agent + "=fault=" + fault.label();
    }

    /**
     * The option for a JVM whose server's forced lengths are to be recorded.
     *
     * @param fault planted as well, when not null
     * @param data the server's data directory, as it is given to the server
     * @param record outside of it; carried on when it exists
     */
    public String option(@Nullable PlantedFault fault, Path data, Path record) {
        if (record.toAbsolutePath().startsWith(data.toAbsolutePath())) {
            throw new IllegalArgumentException("the record " + record + " lies inside of " + data);
        }
        return "-javaagent:" + agent + "=" + (fault == null ? "" : "fault=" + fault.label() + ",") + "record="
                + record.toAbsolutePath() + ",data=" + data.toAbsolutePath().normalize() + ",boot=" + boot;
    }

    private static void write(Path jar, Manifest manifest, List<String> entries) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (String entry : entries) {
                out.putNextEntry(new JarEntry(entry));
                try (InputStream in = AgentJar.class.getClassLoader().getResourceAsStream(entry)) {
                    if (in == null) {
                        throw new IllegalStateException("there is no class " + entry);
                    }
                    in.transferTo(out);
                }
                out.closeEntry();
            }
        }
    }

    /** All classes of the agent's package, in a directory or in a jar. */
    private static List<String> classes() throws IOException {
        Path place = Path.of(place(ControlAgent.class));
        if (Files.isDirectory(place)) {
            try (Stream<Path> files = Files.list(place.resolve(PACKAGE))) {
                return files.map(file -> PACKAGE + file.getFileName())
                        .filter(name -> name.endsWith(".class"))
                        .sorted()
                        .toList();
            }
        }
        try (JarFile jar = new JarFile(place.toFile())) {
            return jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.startsWith(PACKAGE) && name.endsWith(".class"))
                    .sorted()
                    .toList();
        }
    }

    private static URI place(Class<?> type) {
        try {
            return type.getProtectionDomain().getCodeSource().getLocation().toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("place of " + type, e);
        }
    }
}
