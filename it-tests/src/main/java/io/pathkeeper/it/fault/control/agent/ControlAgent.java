package io.pathkeeper.it.fault.control.agent;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;
import net.bytebuddy.utility.JavaModule;
import org.jspecify.annotations.Nullable;

/**
 * The agent: {@code -javaagent:JAR=fault=NAME,record=FILE,data=DIRECTORY,boot=JAR}, where the fault or the last three may be missing. The JVM ends with
 * code {@link #REFUSED} and one line on standard error when something that the fault stands on is not there, so that a rename in the product cannot
 * turn a control into a run without any fault.
 */
public final class ControlAgent {
    /** Exit code of a server that the agent did not let start. */
    public static final int REFUSED = 70;

    private ControlAgent() {}

    /** Called by the JVM before the server's own code. */
    public static void premain(@Nullable String arguments, Instrumentation jvm) {
        try {
            Map<String, String> options = options(arguments);
            String name = options.get("fault");
            PlantedFault fault = name == null ? null : PlantedFault.of(name);
            if (fault != null) {
                refuseWithout(fault.targets(), fault.label());
            }
            AgentBuilder builder = builder();
            if (options.containsKey("record")) {
                refuseWithout(PlantedFault.RECORD, "the record of forced lengths");
                jvm.appendToBootstrapClassLoaderSearch(new JarFile(new File(option(options, "boot"))));
                ForcedLengths.begin(
                        option(options, "data"), option(options, "record"), fault == PlantedFault.LOG_NOT_FORCED);
                builder = recorded(builder);
            } else if (fault == PlantedFault.LOG_NOT_FORCED) {
                throw new IllegalArgumentException(fault.label() + " needs record=, data= and boot=");
            }
            if (fault != null && fault != PlantedFault.LOG_NOT_FORCED) {
                builder = planted(builder, fault);
            }
            builder.installOn(jvm);
            System.err.println("control agent: " + (name == null ? "no fault" : "planted fault " + name)
                    + (options.containsKey("record") ? ", records what is forced to disk" : ""));
        } catch (IOException | RuntimeException | LinkageError e) {
            refuse(String.valueOf(e.getMessage()));
        }
    }

    private static void refuse(String why) {
        System.err.println("control agent: the server is not started: " + why);
        Runtime.getRuntime().halt(REFUSED);
    }

    private static void refuseWithout(List<Target> targets, String what) {
        TypePool pool = TypePool.Default.of(ClassFileLocator.ForClassLoader.ofSystemLoader());
        List<Target> missing = PlantedFault.missing(targets, pool);
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    what + " needs " + missing + ", which is not there: correct the targets of the planted fault");
        }
    }

    private static Map<String, String> options(@Nullable String arguments) {
        Map<String, String> options = new HashMap<>();
        for (String option : arguments == null ? new String[0] : arguments.split(",")) {
            int equals = option.indexOf('=');
            if (equals < 1 || !List.of("fault", "record", "data", "boot").contains(option.substring(0, equals))) {
                throw new IllegalArgumentException("'" + option + "' is none of fault=, record=, data=, boot=");
            }
            options.put(option.substring(0, equals), option.substring(equals + 1));
        }
        return options;
    }

    private static String option(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + "= is missing");
        }
        return value;
    }

    /** Changes no class's shape, the JDK's classes too, and does not go on when a change fails. */
    private static AgentBuilder builder() {
        return new AgentBuilder.Default()
                .disableClassFormatChanges()
                .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
                .with(AgentBuilder.RedefinitionStrategy.Listener.ErrorEscalating.FAIL_FAST)
                .with(new Failures())
                .ignore(ElementMatchers.none());
    }

    private static AgentBuilder planted(AgentBuilder builder, PlantedFault fault) {
        AgentBuilder result = builder;
        for (Target target : fault.targets()) {
            Class<?> advice = adviceFor(fault, target);
            if (advice != null) {
                result = changed(result, target, advice);
            }
        }
        return result;
    }

    /** What is copied into a target; null for one that is only read. */
    private static @Nullable Class<?> adviceFor(PlantedFault fault, Target target) {
        if (target.equals(fault.targets().get(0)) || fault == PlantedFault.EXACTLY_ONCE_OFF) {
            return fault.advice();
        }
        return fault == PlantedFault.HISTORY_GAP && !target.isField() ? NothingIsOldAdvice.class : null;
    }

    private static AgentBuilder recorded(AgentBuilder builder) {
        AgentBuilder result = changed(builder, PlantedFault.RECORD.get(0), ForceAdvice.class);
        result = changed(result, PlantedFault.RECORD.get(1), TruncateAdvice.class);
        return changed(result, PlantedFault.RECORD.get(2), OpenAdvice.class);
    }

    private static AgentBuilder changed(AgentBuilder builder, Target target, Class<?> advice) {
        ElementMatcher<MethodDescription> method = target.matcher();
        AsmVisitorWrapper copied = Advice.to(advice).on(method);
        return builder.type(ElementMatchers.named(target.type()))
                .transform((type, description, loader, module, domain) -> type.visit(copied));
    }

    /** A class that cannot be changed ends the server. */
    private static final class Failures extends AgentBuilder.Listener.Adapter {
        @Override
        public void onError(
                String type,
                @Nullable ClassLoader loader,
                @Nullable JavaModule module,
                boolean loaded,
                Throwable error) {
            if (type.startsWith("io.pathkeeper.") || type.startsWith("sun.nio.ch.FileChannel")) {
                refuse(type + " cannot be changed: " + error);
            }
        }
    }
}
