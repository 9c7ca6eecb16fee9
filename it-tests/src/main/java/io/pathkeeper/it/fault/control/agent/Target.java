package io.pathkeeper.it.fault.control.agent;

import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;

/**
 * A member of a class that a planted fault stands on.
 *
 * @param type name of the class
 * @param member name of a method, or of a field when it begins with a dot
 * @param parameters names of the types of the method's first parameters
 */
public record Target(String type, String member, List<String> parameters) {
    /** Copies the list. */
    public Target {
        parameters = List.copyOf(parameters);
    }

    static Target method(String type, String name, String... parameters) {
        return new Target(type, name, List.of(parameters));
    }

    static Target field(String type, String name) {
        return new Target(type, "." + name, List.of());
    }

    boolean isField() {
        return member.startsWith(".");
    }

    /** Matches the method. */
    ElementMatcher<MethodDescription> matcher() {
        return method -> {
            if (!method.getActualName().equals(member) || method.isBridge()) {
                return false;
            }
            List<String> actual = new ArrayList<>();
            method.getParameters().asTypeList().asErasures().forEach(each -> actual.add(each.getName()));
            return actual.size() >= parameters.size()
                    && actual.subList(0, parameters.size()).equals(parameters);
        };
    }

    /** Whether the class has the member, without loading the class. */
    public boolean existsIn(TypePool pool) {
        TypePool.Resolution found = pool.describe(type);
        if (!found.isResolved()) {
            return false;
        }
        TypeDescription description = found.resolve();
        return isField()
                ? !description
                        .getDeclaredFields()
                        .filter(ElementMatchers.named(member.substring(1)))
                        .isEmpty()
                : !description.getDeclaredMethods().filter(matcher()).isEmpty();
    }

    @Override
    public String toString() {
        return isField() ? type + member : type + "#" + member + "(" + String.join(", ", parameters) + ")";
    }
}
