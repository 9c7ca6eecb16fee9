package io.pathkeeper.it.fault.fuzz;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;

/** Ways to decoders that the product shows to its own packages only. One that is not there ends the run. */
final class Hidden {
    private static final String SERVER = "io.pathkeeper.server.";

    private Hidden() {}

    static Class<?> type(String name) {
        try {
            return Class.forName(name.startsWith("org.") || name.startsWith("io.") ? name : SERVER + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the fuzzer needs the class " + name, e);
        }
    }

    static MethodHandle method(String type, String name, Class<?>... parameters) {
        try {
            Method method = type(type).getDeclaredMethod(name, parameters);
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the fuzzer needs " + type + "." + name + Arrays.toString(parameters), e);
        }
    }

    static MethodHandle getter(String type, String field) {
        try {
            Field found = type(type).getDeclaredField(field);
            found.setAccessible(true);
            return MethodHandles.lookup().unreflectGetter(found);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the fuzzer needs " + type + "." + field, e);
        }
    }

    static MethodHandle constructor(String type, Class<?>... parameters) {
        try {
            Constructor<?> constructor = type(type).getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return MethodHandles.lookup().unreflectConstructor(constructor);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "the fuzzer needs a constructor of " + type + Arrays.toString(parameters), e);
        }
    }
}
