package io.pathkeeper.it.fault.nemesis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All nemeses by name. */
public final class Nemeses {
    private static final Map<String, Nemesis> BY_NAME = new TreeMap<>();

    static {
        List<Nemesis> all = new ArrayList<>();
        for (Victims victims : Victims.values()) {
            all.add(new Kill(victims));
        }
        all.add(new Pause(Victims.ONE));
        all.add(new Pause(Victims.LEADER));
        all.add(new Pause(Victims.MAJORITY));
        all.addAll(Partition.all());
        all.addAll(Deposed.all());
        all.add(PoorNetwork.DELAY.nemesis());
        all.add(PoorNetwork.LOSS.nemesis());
        all.add(new ClockStep());
        all.add(new FullDisk(Victims.ONE));
        all.add(new FullDisk(Victims.MAJORITY));
        all.add(SickDisk.SLOW.nemesis());
        all.add(SickDisk.FAILING.nemesis());
        all.addAll(Damage.all());
        all.add(Restart.LEADER.nemesis());
        all.add(Restart.ROLLING.nemesis());
        all.add(new Transfer());
        all.add(new PowerCut());
        all.add(new Wipe());
        all.add(new ForcedSnapshot());
        all.forEach(nemesis -> BY_NAME.put(nemesis.name(), nemesis));
    }

    private Nemeses() {}

    /** All, in the order of their names. */
    public static List<Nemesis> all() {
        return List.copyOf(BY_NAME.values());
    }

    /**
     * Those with such names.
     *
     * @throws IllegalArgumentException for a name that there is not
     */
    public static List<Nemesis> named(List<String> names) {
        return names.stream()
                .map(name -> {
                    Nemesis nemesis = BY_NAME.get(name);
                    if (nemesis == null) {
                        throw new IllegalArgumentException(
                                "there is no nemesis '" + name + "': " + String.join(", ", BY_NAME.keySet()));
                    }
                    return nemesis;
                })
                .toList();
    }
}
