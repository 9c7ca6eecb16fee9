package io.pathkeeper.pathctl.auth;

import io.pathkeeper.client.access.Access;
import io.pathkeeper.client.access.AccessPage;
import io.pathkeeper.client.access.Binding;
import io.pathkeeper.client.access.User;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import picocli.CommandLine.Command;

/** What the commands of {@code pathctl auth} share. */
@Command(sortOptions = false, usageHelpWidth = 120)
abstract class AuthBase extends StoreCommand {
    private static final int PAGE = 1_000;

    AuthBase(CommandContext context) {
        super(context);
    }

    final Access access() {
        return context.client().access();
    }

    /** Returns all of a listing; the cluster's limits bound it. */
    static <T> List<T> all(ListCall<T> listing) {
        List<T> items = new ArrayList<>();
        String token = "";
        do {
            AccessPage<T> page = listing.page(PAGE, token).join();
            items.addAll(page.items());
            token = page.nextPageToken();
        } while (!token.isEmpty());
        return items;
    }

    /** Asks for a page. */
    interface ListCall<T> {
        CompletableFuture<AccessPage<T>> page(int pageSize, String pageToken);
    }

    final User user(String name) {
        return named(all(access()::listUsers), User::name, "user", name);
    }

    final List<Binding> bindings() {
        return all(access()::listBindings);
    }

    /** Returns the one of a name; {@link CommandFailure} with exit code 3 when there is none. */
    static <T> T named(List<T> items, Function<T, String> nameOf, String kind, String name) {
        return items.stream()
                .filter(item -> nameOf.apply(item).equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new CommandFailure(ExitCode.NOT_FOUND, "there is no " + kind + " of the name " + name));
    }

    /** Prints one line for people, or one object. */
    final void report(String line, Value document) {
        if (json()) {
            printJson(document);
        } else {
            out().println(line);
        }
    }

    /** Returns the names in {@code a,b,c}. */
    static List<String> names(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    static String orDash(Collection<String> names) {
        return names.isEmpty() ? "-" : String.join(",", names);
    }

    static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
