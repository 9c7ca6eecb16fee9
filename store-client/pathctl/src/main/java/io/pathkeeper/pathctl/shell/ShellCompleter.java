package io.pathkeeper.pathctl.shell;

import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.Child;
import io.pathkeeper.client.model.ListOptions;
import io.pathkeeper.client.model.View;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.Commands;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Completes commands, their options, and paths, which it asks the server for. When the server does not answer in time there
 * are no candidates: a key press is no place for an error.
 */
final class ShellCompleter implements Completer {
    private static final int MAX_CANDIDATES = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final CommandContext context;
    private final Map<String, CommandLine> commands;

    ShellCompleter(CommandContext context) {
        this.context = context;
        this.commands = Commands.all(context).getSubcommands();
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String word = line.word().substring(0, line.wordCursor());
        if (line.wordIndex() == 0) {
            commands.keySet().forEach(name -> candidates.add(new Candidate(name)));
            ShellLine.OWN.forEach(name -> candidates.add(new Candidate(name)));
        } else if (word.startsWith("-")) {
            completeOption(line.words(), candidates);
        } else if (line.words().get(0).equals("help")) {
            commands.keySet().forEach(name -> candidates.add(new Candidate(name)));
        } else if (hasCommands(line.words().subList(0, line.wordIndex()))) {
            CommandLine outer = known(line.words().subList(0, line.wordIndex()));
            if (outer != null) {
                outer.getSubcommands().keySet().forEach(name -> candidates.add(new Candidate(name)));
            }
        } else {
            completePath(word, candidates);
        }
    }

    private void completeOption(List<String> words, List<Candidate> candidates) {
        CommandLine known = known(words);
        if (known != null) {
            known.getCommandSpec().options().forEach(option -> {
                for (String name : option.names()) {
                    candidates.add(new Candidate(name));
                }
            });
        }
    }

    /** Returns the innermost command that the words name, one after the other; null when the first names none. */
    private @Nullable CommandLine known(List<String> words) {
        CommandLine found = null;
        Map<String, CommandLine> names = commands;
        for (String word : words) {
            CommandLine next = names.get(word);
            if (next == null) {
                return found;
            }
            found = next;
            names = next.getSubcommands();
        }
        return found;
    }

    /** Returns whether all words before are names of commands, one in the other, and the last of them has more. */
    private boolean hasCommands(List<String> before) {
        Map<String, CommandLine> names = commands;
        for (String word : before) {
            CommandLine next = names.get(word);
            if (next == null) {
                return false;
            }
            names = next.getSubcommands();
        }
        return !names.isEmpty();
    }

    private void completePath(String word, List<Candidate> candidates) {
        int slash = word.lastIndexOf('/');
        String typed = word.substring(0, slash + 1);
        try {
            String parent = typed.isEmpty() ? context.workingPath() : context.path(typed);
            ListOptions options = ListOptions.defaults()
                    .pageSize(MAX_CANDIDATES)
                    .namePrefix(word.substring(slash + 1))
                    .view(View.STAT)
                    .timeout(PATIENCE);
            for (Child child :
                    context.client().store().listChildren(parent, options).children()) {
                boolean hasChildren = child.stat() != null && child.stat().childCount() > 0;
                String text = typed + child.name() + (hasChildren ? "/" : "");
                candidates.add(new Candidate(text, child.name(), null, null, null, null, !hasChildren));
            }
        } catch (PathkeeperException | CommandFailure e) {
            return; // no candidates
        }
    }
}
