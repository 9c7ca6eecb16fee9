# shellcheck shell=bash
# Sourced by the scripts beside it: free ports and a quickstart in the background that is always stopped again.
# The caller sets `root` (the repository) and calls stop_quickstart on its way out.
: "${root:?the repository}"

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Prints a port base at which the ports of so many servers are free. PATHKEEPER_TEST_PORT_BASE fixes it.
free_port_base() { # servers
  local base i attempt
  [ -z "${PATHKEEPER_TEST_PORT_BASE:-}" ] || { echo "$PATHKEEPER_TEST_PORT_BASE" && return 0; }
  for ((attempt = 0; attempt < 50; attempt++)); do
    base=$((10000 + RANDOM % 2000 * 10)) # below the range that systems hand out for outgoing connections
    for ((i = 0; i < $1 * 10; i++)); do
      [ $((i % 10)) -gt 2 ] || ! port_answers $((base + i)) || continue 2
    done
    echo $base && return 0
  done
  echo "no free ports found in 50 attempts" >&2
  return 1
}

quickstart_pid=''
# Starts deploy/quickstart and returns when it says that it is ready; its output is in the log file.
start_quickstart() { # log file, quickstart's options...
  local log=$1 deadline=$((SECONDS + 900)) # it may have to build first
  shift
  : >"$log" # what an earlier start said must not count
  "$root/deploy/quickstart" "$@" >"$log" 2>&1 </dev/null &
  quickstart_pid=$!
  until grep -q '^The data is in .* Ctrl-C stops' "$log"; do
    if ! kill -0 "$quickstart_pid" 2>/dev/null || [ $SECONDS -ge $deadline ]; then
      echo "quickstart $* did not become ready:" >&2
      tail -n 20 "$log" >&2
      stop_quickstart
      return 1
    fi
    sleep 0.2
  done
}

# Stops it as Ctrl-C would and returns its exit code.
stop_quickstart() {
  local pid=$quickstart_pid
  [ -n "$pid" ] || return 0
  quickstart_pid=''
  kill -TERM "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
}
