package io.pathkeeper.client.model;

import org.jspecify.annotations.Nullable;

/**
 * One child of a listing.
 *
 * @param name its name: the last segment of its path
 * @param stat its stat with {@link View#STAT} and {@link View#FULL}; null otherwise
 * @param value its value with {@link View#FULL}; null otherwise
 * @param contentType description of the content with {@link View#FULL}; empty when there is none
 */
public record Child(
        String name, @Nullable Stat stat, @Nullable Value value, String contentType) {}
