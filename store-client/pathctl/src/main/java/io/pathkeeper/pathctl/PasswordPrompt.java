package io.pathkeeper.pathctl;

import java.io.Console;

/** Asks for passwords at the terminal, without showing what is typed. */
@FunctionalInterface
public interface PasswordPrompt {
    /**
     * Returns what was typed, which is not empty.
     *
     * @param question what stands before it
     * @param instead what to do where there is no terminal, for the message
     * @throws CommandFailure with exit code 2 when there is no terminal, or nothing was typed
     */
    String password(String question, String instead);

    /** Asks twice. */
    default String newPassword(String question, String instead) {
        String first = password(question, instead);
        if (!first.equals(password("The same again: ", instead))) {
            throw CommandFailure.usage("the two passwords are different; nothing was changed");
        }
        return first;
    }

    /** Returns what asks at the terminal of this process. */
    static PasswordPrompt ofProcess() {
        return (question, instead) -> {
            Console console = System.console();
            if (console == null) {
                throw CommandFailure.usage("a password is needed and there is no terminal to ask at; " + instead);
            }
            char[] typed = console.readPassword("%s", question);
            if (typed == null || typed.length == 0) {
                throw CommandFailure.usage("no password was typed; nothing was done");
            }
            return new String(typed);
        };
    }
}
