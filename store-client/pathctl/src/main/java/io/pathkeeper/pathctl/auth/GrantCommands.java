package io.pathkeeper.pathctl.auth;

import io.pathkeeper.client.access.Access;
import io.pathkeeper.client.access.Binding;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.PathText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl auth grant} and {@code revoke}: a binding for each pair, so that two grants at once cannot hurt each other. */
final class GrantCommands {
    private static final int MAX_NAME_BYTES = 128;

    private GrantCommands() {}

    /** Returns the binding that gives a role to one principal or group. */
    static Binding grant(String role, String to, boolean group) {
        String name = role + (group ? ":group:" : ":principal:") + to;
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_NAME_BYTES) {
            throw CommandFailure.usage("the binding '" + name + "' has a name of " + bytes + " bytes, and the limit is "
                    + MAX_NAME_BYTES + ": name it yourself with pathctl auth bindings set");
        }
        return group
                ? new Binding(name, role, List.of(), List.of(to))
                : new Binding(name, role, List.of(to), List.of());
    }

    /** Takes a principal or group out of a binding; deletes one that is empty then. */
    static void without(Access access, Binding binding, String name, boolean group) {
        List<String> principals = new ArrayList<>(binding.principals());
        List<String> groups = new ArrayList<>(binding.groups());
        (group ? groups : principals).remove(name);
        if (principals.isEmpty() && groups.isEmpty()) {
            access.deleteBinding(binding.name()).join();
        } else {
            access.setBinding(new Binding(binding.name(), binding.role(), principals, groups))
                    .join();
        }
    }

    /** What both take. */
    @Command(sortOptions = false, usageHelpWidth = 120)
    abstract static class RoleAndNames extends AuthBase {
        @Parameters(paramLabel = "ROLE", index = "0", description = "Name of the role; admin may do everything.")
        String role = "";

        @Parameters(
                paramLabel = "PRINCIPAL",
                index = "1..*",
                arity = "0..*",
                description = "Names of principals; there need not be users of these names.")
        List<String> principals = new ArrayList<>();

        @Option(
                names = {"-g", "--group"},
                paramLabel = "NAME",
                description = "A group, may be repeated; everyone is everybody who has proved who it is.")
        List<String> groups = new ArrayList<>();

        RoleAndNames(CommandContext context) {
            super(context);
        }

        final void check() {
            if (principals.isEmpty() && groups.isEmpty()) {
                throw CommandFailure.usage("name principals, or groups with --group");
            }
        }

        final void told(String what) {
            principals.forEach(name -> told(what, "principal", name));
            groups.forEach(name -> told(what, "group", name));
        }

        private void told(String what, String kind, String name) {
            report(
                    PathText.printable(
                            what + " " + role + (what.equals("granted") ? " to " : " from ") + kind + " " + name),
                    Value.map("role", role, kind, name));
        }
    }

    /** {@code pathctl auth grant}. */
    @Command(
            name = "grant",
            header = "Give a role to principals and groups.",
            description = "Granting twice is once. It makes a binding for each, which pathctl auth bindings shows.")
    static final class Grant extends RoleAndNames {
        Grant(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            check();
            List<Binding> made = new ArrayList<>();
            principals.forEach(name -> made.add(grant(role, name, false)));
            groups.forEach(name -> made.add(grant(role, name, true)));
            made.forEach(binding -> access().setBinding(binding).join());
            told("granted");
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth revoke}. */
    @Command(
            name = "revoke",
            header = "Take a role from principals and groups.",
            description = {
                "Takes them out of every binding of the role; one that is empty then is removed. What a principal has through a",
                "group it keeps. Exit code 3 when one of them has no such grant; nothing is changed then."
            })
    static final class Revoke extends RoleAndNames {
        Revoke(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            check();
            principals.forEach(name -> find(name, false));
            groups.forEach(name -> find(name, true));
            principals.forEach(name -> revoke(name, false));
            groups.forEach(name -> revoke(name, true));
            told("revoked");
            return ExitCode.OK;
        }

        private List<Binding> find(String name, boolean group) {
            List<Binding> found = bindings().stream()
                    .filter(binding -> binding.role().equals(role)
                            && (group ? binding.groups() : binding.principals()).contains(name))
                    .toList();
            if (found.isEmpty()) {
                throw new CommandFailure(
                        ExitCode.NOT_FOUND,
                        "the role " + role + " is not granted to the " + (group ? "group " : "principal ") + name
                                + (group ? "" : " itself, at most to one of its groups")
                                + "; pathctl auth bindings shows what is");
            }
            return found;
        }

        private void revoke(String name, boolean group) {
            find(name, group).forEach(binding -> without(access(), binding, name, group));
        }
    }
}
