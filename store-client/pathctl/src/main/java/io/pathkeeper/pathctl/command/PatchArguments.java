package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.Patch;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.text.JsonText;
import io.pathkeeper.pathctl.text.PatchDocument;

/** Reads the arguments of the options of {@code pathctl patch}, such as {@code /port=9090}. */
final class PatchArguments {
    private PatchArguments() {}

    /** Returns {@code patch} with the operation that an option and its argument describe. */
    static Patch add(Patch patch, String option, String argument) {
        return switch (option) {
            case "--set" -> patch.set(pointer(option, argument), value(option, argument));
            case "--set-string" -> patch.set(pointer(option, argument), operand(option, argument));
            case "--set-if-absent" -> patch.setIfAbsent(pointer(option, argument), value(option, argument));
            case "--remove" -> patch.remove(checked(option, argument));
            case "--merge" ->
                argument.startsWith("{")
                        ? patch.merge("", JsonText.read(option, argument))
                        : patch.merge(pointer(option, argument), value(option, argument));
            case "--append" -> patch.append(pointer(option, argument), value(option, argument));
            case "--insert" -> {
                String place = beforeEquals(option, argument);
                yield patch.insert(listOf(option, place), indexOf(option, place), value(option, argument));
            }
            case "--remove-item" ->
                argument.indexOf('=') >= 0
                        ? patch.removeItem(pointer(option, argument), value(option, argument))
                        : patch.removeAt(listOf(option, argument), indexOf(option, argument));
            case "--increment" ->
                argument.indexOf('=') >= 0
                        ? patch.increment(pointer(option, argument), integer(option, operand(option, argument)))
                        : patch.increment(checked(option, argument), 1);
            case "--test" -> patch.test(pointer(option, argument), value(option, argument));
            case "--op" -> PatchDocument.add(patch, "--op", JsonText.read("--op", argument));
            default -> throw new IllegalStateException(option);
        };
    }

    private static String pointer(String option, String argument) {
        return checked(option, beforeEquals(option, argument));
    }

    private static String beforeEquals(String option, String argument) {
        int equals = argument.indexOf('=');
        if (equals < 0) {
            throw CommandFailure.usage(
                    option + ": '" + argument + "' has no =; write POINTER=VALUE, such as /port=9090");
        }
        return argument.substring(0, equals);
    }

    private static String operand(String option, String argument) {
        return argument.substring(beforeEquals(option, argument).length() + 1);
    }

    private static Value value(String option, String argument) {
        String operand = operand(option, argument);
        try {
            return JsonText.read(option, operand);
        } catch (CommandFailure e) {
            boolean bareWord = !operand.isEmpty() && Character.isLetter(operand.charAt(0));
            throw bareWord
                    ? CommandFailure.usage(option + ": '" + operand + "' is no JSON; quote strings: " + option + " '"
                            + beforeEquals(option, argument) + "=\"" + operand + "\"', or use --set-string")
                    : e;
        }
    }

    private static String checked(String option, String pointer) {
        if (!pointer.isEmpty() && !pointer.startsWith("/")) {
            throw CommandFailure.usage(
                    option + ": '" + pointer + "' is no JSON Pointer; it must be empty or begin with /");
        }
        return pointer;
    }

    private static String listOf(String option, String place) {
        int at = place.lastIndexOf('@');
        if (at < 0) {
            throw CommandFailure.usage(
                    option + ": '" + place + "' has no @INDEX; write POINTER@INDEX, such as /hosts@0");
        }
        return checked(option, place.substring(0, at));
    }

    private static long indexOf(String option, String place) {
        long index = integer(option, place.substring(place.lastIndexOf('@') + 1));
        if (index < 0) {
            throw CommandFailure.usage(option + ": the index is " + index + "; it counts from 0");
        }
        return index;
    }

    private static long integer(String option, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw CommandFailure.usage(option + ": '" + text + "' is no 64-bit integer");
        }
    }
}
