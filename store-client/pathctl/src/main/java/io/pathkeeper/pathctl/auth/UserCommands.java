package io.pathkeeper.pathctl.auth;

import io.pathkeeper.client.access.Binding;
import io.pathkeeper.client.access.Role;
import io.pathkeeper.client.access.TokenInfo;
import io.pathkeeper.client.access.User;
import io.pathkeeper.client.access.UserChange;
import io.pathkeeper.client.access.UserResult;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.text.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl auth users} and {@code groups}. */
final class UserCommands {
    private UserCommands() {}

    static CommandLine make(CommandContext context) {
        return new CommandLine(new ListUsers(context))
                .addSubcommand("add", new Add(context))
                .addSubcommand("show", new Show(context))
                .addSubcommand("set", new Change(context))
                .addSubcommand("passwd", new Passwd(context))
                .addSubcommand("disable", new Disable(context))
                .addSubcommand("enable", new Enable(context))
                .addSubcommand("remove", new Remove(context));
    }

    /** {@code pathctl auth users}. */
    @Command(
            name = "users",
            header = "List users, add one, change one.",
            synopsisSubcommandLabel = "[COMMAND]",
            description = {
                "Without a command it lists all users; with --output json, one object a line. Principals that prove who they are",
                "with a certificate, a JWT or a token made for them need no user."
            })
    static final class ListUsers extends AuthBase {
        ListUsers(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            List<Binding> bindings = bindings();
            Table table = new Table("NAME", "GROUPS", "ROLES", "PASSWORD", "STATE");
            for (User user : all(access()::listUsers)) {
                Collection<String> roles = AccessView.roles(bindings, user.name(), user.groups());
                if (json()) {
                    printJson(AccessView.value(user, roles));
                    continue;
                }
                table.row(
                        user.name(),
                        orDash(user.groups()),
                        orDash(roles),
                        user.hasPassword() ? "yes" : "no",
                        user.disabled() ? "disabled" : "enabled");
            }
            if (!json()) {
                table.print(out());
            }
            return ExitCode.OK;
        }
    }

    /** What takes the name of a user. */
    @Command(sortOptions = false, usageHelpWidth = 120)
    abstract static class OneUser extends AuthBase {
        @Parameters(paramLabel = "NAME", description = "Name of the user.")
        String name = "";

        OneUser(CommandContext context) {
            super(context);
        }
    }

    /** {@code pathctl auth users add}. */
    @Command(
            name = "add",
            header = "Add a user with a password.",
            description = "A user that is there already is left as it is: exit code 4.")
    static final class Add extends OneUser {
        @Mixin
        private final NewPassword password = new NewPassword();

        @Option(names = "--no-password", description = "The user cannot sign in with a password.")
        boolean withoutPassword;

        @Option(names = "--groups", paramLabel = "NAME,...", description = "Groups that the user is in.")
        String groups = "";

        @Option(
                names = "--roles",
                paramLabel = "NAME,...",
                description = "Roles that it gets, as with pathctl auth grant. They must be there.")
        String roles = "";

        Add(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() throws InterruptedException {
            if (withoutPassword && password.file != null) {
                throw CommandFailure.usage("--no-password and --new-password-file exclude each other");
            }
            if (all(access()::listUsers).stream().anyMatch(user -> user.name().equals(name))) {
                throw new CommandFailure(
                        ExitCode.EXISTS,
                        "the user " + name + " exists already; change it with auth users set, or auth users passwd");
            }
            List<String> wanted = names(roles);
            List<String> known =
                    all(access()::listRoles).stream().map(Role::name).toList();
            for (String role : wanted) {
                if (!role.equals(Role.ADMIN) && !known.contains(role)) {
                    throw new CommandFailure(
                            ExitCode.NOT_FOUND,
                            "there is no role " + role + "; make it first: pathctl auth roles set " + role
                                    + " --allow ...");
                }
            }
            UserChange change = UserChange.none().groups(names(groups));
            if (!withoutPassword) {
                change = change.password(password.read(context, name));
            }
            User made = access().setUser(name, change).join().user();
            for (String role : wanted) {
                access().setBinding(GrantCommands.grant(role, name, false)).join();
            }
            Collection<String> has = AccessView.roles(bindings(), name, made.groups());
            report(
                    PathText.printable(
                            "added user " + name + ", roles " + orDash(has) + ", groups " + orDash(made.groups())),
                    AccessView.value(made, has));
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth users show}. */
    @Command(
            name = "show",
            header = "Show one user.",
            description = "Its roles are those that it has by itself and by its groups.")
    static final class Show extends OneUser {
        Show(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            User user = user(name);
            Collection<String> roles = AccessView.roles(bindings(), name, user.groups());
            if (json()) {
                printJson(AccessView.value(user, roles));
                return ExitCode.OK;
            }
            line("name", user.name());
            line("groups", orDash(user.groups()));
            line("roles", orDash(roles));
            line("password", user.hasPassword() ? "yes" : "no");
            line("state", user.disabled() ? "disabled" : "enabled");
            return ExitCode.OK;
        }

        private void line(String label, String text) {
            out().printf("%-10s %s%n", label, PathText.printable(text));
        }
    }

    /** {@code pathctl auth users set}. */
    @Command(
            name = "set",
            header = "Change the groups of a user.",
            description = "--join and --leave read the groups first: of two changes at once one may get lost.")
    static final class Change extends OneUser {
        @Option(names = "--groups", paramLabel = "NAME,...", description = "All groups from now on; '' for none.")
        @Nullable
        String groups;

        @Option(names = "--join", paramLabel = "NAME,...", description = "Groups that it is in from now on, too.")
        String join = "";

        @Option(names = "--leave", paramLabel = "NAME,...", description = "Groups that it is in no more.")
        String leave = "";

        Change(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            String given = groups;
            if (given != null ? !join.isEmpty() || !leave.isEmpty() : join.isEmpty() && leave.isEmpty()) {
                throw CommandFailure.usage("give either --groups, or --join and --leave");
            }
            Collection<String> next = new TreeSet<>(user(name).groups());
            if (given != null) {
                next = names(given);
            } else {
                next.addAll(names(join));
                next.removeAll(names(leave));
            }
            User changed = access().setUser(name, UserChange.none().groups(next))
                    .join()
                    .user();
            report(
                    PathText.printable("user " + name + ", groups " + orDash(changed.groups())),
                    AccessView.value(changed, AccessView.roles(bindings(), name, changed.groups())));
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth users passwd}. */
    @Command(
            name = "passwd",
            header = "Set the password of a user.",
            description = "The tokens that the old one was exchanged for end at once.")
    static final class Passwd extends OneUser {
        @Mixin
        private final NewPassword password = new NewPassword();

        @Option(names = "--remove", description = "Take the password away.")
        boolean remove;

        Passwd(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() throws InterruptedException {
            if (remove && password.file != null) {
                throw CommandFailure.usage("--remove and --new-password-file exclude each other");
            }
            user(name); // setting the password of nobody would make a user
            String next = remove ? "" : password.read(context, name);
            access().setUser(name, UserChange.none().password(next)).join();
            report(
                    PathText.printable((remove ? "removed" : "set") + " the password of " + name),
                    Value.map("name", name, "has_password", !remove));
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth users disable}. */
    @Command(
            name = "disable",
            header = "Refuse every credential of a user.",
            description = "Also its tokens, JWTs and certificates, from the next request on. All else of it stays.")
    static final class Disable extends OneUser {
        Disable(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            user(name);
            access().setUser(name, UserChange.none().disabled(true)).join();
            report(PathText.printable("disabled user " + name), Value.map("name", name, "disabled", true));
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth users enable}. */
    @Command(name = "enable", header = "Let a user in again.")
    static final class Enable extends OneUser {
        Enable(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            user(name);
            UserResult done =
                    access().setUser(name, UserChange.none().disabled(false)).join();
            report(
                    PathText.printable("enabled user " + done.user().name()),
                    Value.map("name", name, "disabled", false));
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth users remove}. */
    @Command(
            name = "remove",
            header = "Remove a user, with its roles and its tokens.",
            description = {
                "Otherwise whoever gets the same name later would have them. The last one who can administer users and roles",
                "cannot be removed: exit code 6."
            })
    static final class Remove extends OneUser {
        Remove(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            user(name);
            // the administrator's first: when that is refused nothing has changed
            List<Binding> bound = bindings().stream()
                    .filter(binding -> binding.principals().contains(name))
                    .sorted(Comparator.comparing(binding -> !binding.role().equals(Role.ADMIN)))
                    .toList();
            bound.forEach(binding -> GrantCommands.without(access(), binding, name, false));
            List<String> tokens = all(access()::listTokens).stream()
                    .filter(token -> token.principal().equals(name))
                    .map(TokenInfo::id)
                    .toList();
            tokens.forEach(id -> access().deleteToken(id).join());
            access().deleteUser(name).join();
            Collection<String> roles =
                    new TreeSet<>(bound.stream().map(Binding::role).toList());
            report(
                    PathText.printable(
                            "removed user " + name + ", roles " + orDash(roles) + ", tokens " + orDash(tokens)),
                    Value.map("name", name, "roles", AccessView.names(roles), "tokens", AccessView.names(tokens)));
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth groups}. */
    @Command(
            name = "groups",
            header = "List the groups that users are in or that roles are given to.",
            description = {
                "A group is there as long as somebody is in it or has granted something to it. Everybody who has proved who it is",
                "belongs to everyone, which has no list of members. JWTs may name groups, too."
            })
    static final class Groups extends AuthBase {
        Groups(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            Map<String, List<String>> members = new TreeMap<>();
            for (User user : all(access()::listUsers)) {
                user.groups()
                        .forEach(group -> members.computeIfAbsent(group, g -> new ArrayList<>())
                                .add(user.name()));
            }
            Map<String, Collection<String>> roles = new TreeMap<>();
            for (Binding binding : bindings()) {
                for (String group : binding.groups()) {
                    members.computeIfAbsent(group, g -> new ArrayList<>());
                    roles.computeIfAbsent(group, g -> new TreeSet<>()).add(binding.role());
                }
            }
            Table table = new Table("GROUP", "ROLES", "MEMBERS");
            members.forEach((group, users) -> {
                Collection<String> has = roles.getOrDefault(group, List.of());
                if (json()) {
                    printJson(Value.map(
                            "name", group, "roles", AccessView.names(has), "members", AccessView.names(users)));
                } else {
                    table.row(group, orDash(has), group.equals(AccessView.EVERYONE) ? "(all)" : orDash(users));
                }
            });
            if (!json()) {
                table.print(out());
            }
            return ExitCode.OK;
        }
    }
}
