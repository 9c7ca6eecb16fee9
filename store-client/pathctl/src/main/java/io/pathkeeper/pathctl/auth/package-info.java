/**
 * {@code pathctl auth}: users, roles, bindings, tokens and namespaces, one class for each kind of thing with its commands inside. Imports the
 * client's public packages, picocli and the other packages of {@code pathctl} but {@code shell}. Secrets come from files, standard input or the
 * terminal, and go to standard output or to new files of mode 0600, nowhere else. Everything runs on the main thread.
 */
@NullMarked
package io.pathkeeper.pathctl.auth;

import org.jspecify.annotations.NullMarked;
