# shellcheck shell=bash
# Sourced by the scripts beside it that run a class of it-tests: builds what is not built, then runs it with the server's jar and a directory.
# The caller sets `root` (the repository).
: "${root:?the repository}"

server_jar() { find "$root/store-server/target" -maxdepth 1 -name 'pathkeeper-server-*.jar' 2>/dev/null | sort | tail -n 1; }

run_tool() { # name of the script, class, options...
  local name=$1 class=$2 target=$root/it-tests/target
  shift 2
  build_tool "$name"
  run_class "$class" --server-jar "$(server_jar)" --directory "$target/$name" "$@"
}

build_tool() { # name of the script
  local name=$1 target=$root/it-tests/target
  if [ -z "$(server_jar)" ] || [ ! -d "$target/bench-lib" ]; then
    echo "$name: building first" >&2
    (cd "$root" && mvn -q -B -Dfast -DskipTests -pl it-tests -am package) || exit 1
  fi
}

run_class() { # class, options...
  local target=$root/it-tests/target java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  exec "$java" -Xmx1g -Dlogback.configurationFile=bench-logback.xml -cp "$target/classes:$target/bench-lib/*" "$@"
}
