package io.pathkeeper.it.fault.control.agent;

import java.util.EnumSet;
import java.util.Set;

/** Says once, in the server's log, that a planted fault did something: a control whose fault never worked proves nothing. */
public final class Effect {
    /** Stands before the name of the fault. */
    public static final String MARK = "planted fault took effect: ";

    private static final Set<PlantedFault> SEEN = EnumSet.noneOf(PlantedFault.class);
    private static volatile boolean all;

    private Effect() {}

    /** A planted fault does what it is for. Any thread; cheap when it was said. */
    public static void of(PlantedFault fault) {
        if (!all) {
            say(fault);
        }
    }

    /** The same for code that can be copied anywhere. */
    public static void of(String label) {
        of(PlantedFault.of(label));
    }

    private static synchronized void say(PlantedFault fault) {
        if (SEEN.add(fault)) {
            System.err.println(MARK + fault.label());
        }
        all = true; // one fault is planted at a time
    }
}
