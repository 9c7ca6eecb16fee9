package io.pathkeeper.pathctl;

import io.pathkeeper.pathctl.alarm.AlarmCommand;
import io.pathkeeper.pathctl.auth.AuthCommand;
import io.pathkeeper.pathctl.backup.BackupCommand;
import io.pathkeeper.pathctl.check.CheckCommand;
import io.pathkeeper.pathctl.command.CompletionCommand;
import io.pathkeeper.pathctl.command.CreateCommand;
import io.pathkeeper.pathctl.command.DeleteCommand;
import io.pathkeeper.pathctl.command.ElectCommand;
import io.pathkeeper.pathctl.command.ExportCommand;
import io.pathkeeper.pathctl.command.GetCommand;
import io.pathkeeper.pathctl.command.ImportCommand;
import io.pathkeeper.pathctl.command.LeaderCommand;
import io.pathkeeper.pathctl.command.LockCommand;
import io.pathkeeper.pathctl.command.LocksCommand;
import io.pathkeeper.pathctl.command.LsCommand;
import io.pathkeeper.pathctl.command.ObserveCommand;
import io.pathkeeper.pathctl.command.PatchCommand;
import io.pathkeeper.pathctl.command.PerfCommand;
import io.pathkeeper.pathctl.command.SessionCommand;
import io.pathkeeper.pathctl.command.SetCommand;
import io.pathkeeper.pathctl.command.StatCommand;
import io.pathkeeper.pathctl.command.StatusCommand;
import io.pathkeeper.pathctl.command.TreeCommand;
import io.pathkeeper.pathctl.command.TxnCommand;
import io.pathkeeper.pathctl.log.LogCommand;
import io.pathkeeper.pathctl.member.MemberCommand;
import io.pathkeeper.pathctl.migrate.MigrateCommand;
import io.pathkeeper.pathctl.quota.QuotaCommand;
import io.pathkeeper.pathctl.top.TopCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/**
 * The sub-commands by name. Only the one that the arguments name is built, because reading the annotations of all of them
 * would take longer than most commands run.
 */
public final class Commands {
    private static final Map<String, Function<CommandContext, Object>> MAKERS = new LinkedHashMap<>();

    static {
        MAKERS.put("create", CreateCommand::new);
        MAKERS.put("get", GetCommand::new);
        MAKERS.put("set", SetCommand::new);
        MAKERS.put("patch", PatchCommand::new);
        MAKERS.put("delete", DeleteCommand::new);
        MAKERS.put("ls", LsCommand::new);
        MAKERS.put("tree", TreeCommand::new);
        MAKERS.put("stat", StatCommand::new);
        MAKERS.put("observe", ObserveCommand::new);
        MAKERS.put("lock", LockCommand::new);
        MAKERS.put("locks", LocksCommand::new);
        MAKERS.put("elect", ElectCommand::new);
        MAKERS.put("leader", LeaderCommand::new);
        MAKERS.put("session", SessionCommand::make);
        MAKERS.put("auth", AuthCommand::make);
        MAKERS.put("txn", TxnCommand::new);
        MAKERS.put("import", ImportCommand::new);
        MAKERS.put("export", ExportCommand::new);
        MAKERS.put("backup", BackupCommand::make);
        MAKERS.put("migrate", MigrateCommand::make);
        MAKERS.put("status", StatusCommand::new);
        MAKERS.put("top", TopCommand::new);
        MAKERS.put("alarm", AlarmCommand::make);
        MAKERS.put("log", LogCommand::make);
        MAKERS.put("quota", QuotaCommand::make);
        MAKERS.put("member", MemberCommand::make);
        MAKERS.put("perf", PerfCommand::new);
        MAKERS.put("check", CheckCommand::make);
        MAKERS.put("completion", CompletionCommand::new);
    }

    private static final Set<String> OPTIONS_WITH_VALUE = Set.of(
            "--servers",
            "--timeout",
            "--output",
            "-o",
            "--tls-ca",
            "--tls-cert",
            "--tls-key",
            "--token-file",
            "--user",
            "--password-file",
            "--namespace");

    private static final int HELP_WIDTH = 120;

    private Commands() {}

    /** Returns the names of all commands in the order of the help. */
    public static Set<String> names() {
        return MAKERS.keySet();
    }

    /** Returns a command line that knows all commands. */
    public static CommandLine all(CommandContext context) {
        CommandLine commandLine = new CommandLine(new Pathctl(context.options()));
        MAKERS.forEach((name, maker) -> commandLine.addSubcommand(name, maker.apply(context)));
        return configured(commandLine.addSubcommand("help", new HelpCommand()));
    }

    /** Returns a command line that knows the command that {@code args} name, or all when they name none. */
    public static CommandLine forArguments(CommandContext context, String... args) {
        String name = commandName(args);
        Function<CommandContext, Object> maker = name == null ? null : MAKERS.get(name);
        if (maker == null || name == null) {
            return all(context);
        }
        return configured(new CommandLine(new Pathctl(context.options())).addSubcommand(name, maker.apply(context)));
    }

    /** Returns the first argument that is neither a global option nor its value; null when there is none. */
    static @Nullable String commandName(String... args) {
        for (int i = 0; i < args.length; i++) {
            if (OPTIONS_WITH_VALUE.contains(args[i])) {
                i++;
            } else if (!args[i].startsWith("-")) {
                return args[i];
            }
        }
        return null;
    }

    /** Sets what picocli hands down only to sub-commands that are there already. */
    private static CommandLine configured(CommandLine commandLine) {
        return commandLine.setCaseInsensitiveEnumValuesAllowed(true).setUsageHelpWidth(HELP_WIDTH);
    }
}
