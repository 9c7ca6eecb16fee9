/** Tests of alarms. */
@org.jspecify.annotations.NullMarked
package io.pathkeeper.server.alarm;
