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
        } else if (line.wordIndex() == 1
                && commands.containsKey(line.words().get(0))
                && !commands.get(line.words().get(0)).getSubcommands().isEmpty()) {
            commands.get(line.words().get(0))
                    .getSubcommands()
                    .keySet()
                    .forEach(name -> candidates.add(new Candidate(name)));
        } else {
            completePath(word, candidates);
        }
    }

    private void completeOption(List<String> words, List<Candidate> candidates) {
        CommandLine known = commands.get(words.get(0));
        if (known != null && words.size() > 1 && known.getSubcommands().containsKey(words.get(1))) {
            known = known.getSubcommands().get(words.get(1));
        }
        if (known != null) {
            known.getCommandSpec().options().forEach(option -> {
                for (String name : option.names()) {
                    candidates.add(new Candidate(name));
                }
            });
        }
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
