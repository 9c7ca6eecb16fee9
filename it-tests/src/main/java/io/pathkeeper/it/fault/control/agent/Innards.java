package io.pathkeeper.it.fault.control.agent;

import java.lang.reflect.Field;
import java.lang.reflect.Method;

/** Reads what the product shows to its own packages only. What is not there is a defect of the planted fault. */
final class Innards {
    private Innards() {}

    static Object field(Object object, String name) {
        try {
            Field field = object.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(object);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("planted fault: field " + name + " of " + object.getClass(), e);
        }
    }

    static Object call(Object object, String name) {
        try {
            Method method = object.getClass().getDeclaredMethod(name);
            method.setAccessible(true);
            return method.invoke(object);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("planted fault: method " + name + " of " + object.getClass(), e);
        }
    }
}
