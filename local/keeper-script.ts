/**
 * What the keeper runs: `sh -c <this> readfleet-keeper <directory> <end> <ports>`.
 *
 * It waits until its standard input ends, which the kernel sees to however the parent dies, then ends the fleet.
 * A process belongs to the fleet when it is one of PostgreSQL's programs (or the `cp` of a backup) and its working directory or
 * its command line lies in the fleet's directory, whose name is unique: a reused pid fails that test, and so does a
 * `tail -f` that someone runs on a log there. `postmaster.pid` only tells which of these are postmasters.
 *
 * POSIX sh with awk, ls, grep, sed, sleep and rm; ipcrm where there is one. No apostrophes inside of awk programs.
 */
export const KEEPER_SCRIPT = String.raw`
trap '' HUP INT TERM
dir=$1 end=$2 ports=$3
# "keep" arrives once a new fleet in a directory of its owner is complete: from then on its data stay.
while IFS= read -r line; do [ "$line" = keep ] && end=keep; done
cd /
export DIR="$dir/"

fleet_pids() {
  if [ -d /proc/self/fd ]; then
    {
      ls -l /proc/[0-9]*/cwd | awk '
        (at = index($0, "/cwd -> " ENVIRON["DIR"])) { pid = substr($0, 1, at - 1); sub(/.*\//, "", pid); print pid }'
      grep -lF -e "$DIR" /proc/[0-9]*/cmdline | awk -F/ '{ print $3 }'
    } 2>/dev/null | sort -u | while read -r pid; do
      name=; { read -r name < "/proc/$pid/comm"; } 2>/dev/null
      case $name in postgres | initdb | cp) echo "$pid" ;; esac
    done
  else
    ps -A -o pid= -o ppid= -o command= | awk '
      { program = $3; sub(/.*\//, "", program); parent[$1] = $2 }
      index($0, ENVIRON["DIR"]) && program ~ /^(postgres|initdb|cp)$/ { ours[$1] = 1 }
      END { for (pid in parent) if (pid in ours || parent[pid] in ours) print pid }'
  fi
}

send() { signal=$1; shift; for pid; do kill -s "$signal" "$pid" 2>/dev/null; done; }

# Shared memory that a killed server could not give back. The key must agree too: numbers are used again.
release_memory() {
  for file in "$dir"/*/postmaster.pid; do
    [ -f "$file" ] || continue
    set -- $(sed -n 7p "$file")
    case $2 in '' | *[!0-9]*) continue ;; esac
    if [ -r /proc/sysvipc/shm ]; then
      awk -v key="$1" -v id="$2" '
        $2 == id && ($1 - key) % 4294967296 == 0 { found = 1 } END { exit !found }' /proc/sysvipc/shm || continue
    fi
    ipcrm -m "$2" 2>/dev/null
  done
}

remove() {
  # Only what was marked as a fleet is ever removed.
  [ -f "$dir/readfleet.lock" ] || return 0
  case $end in
    remove) rm -rf "$dir" ;;
    empty) rm -rf "$dir"/* ;;
    keep) [ "$1" = last ] && rm -f "$dir/readfleet.lock" ;;
  esac
}

# Immediate shutdown for what is thrown away, fast shutdown for what is kept; force when neither is heard.
case $end in keep) polite=INT patience=500 ;; *) polite=QUIT patience=150 ;; esac
round=0 quiet=0
while [ $quiet -lt 2 ]; do
  pids=$(fleet_pids)
  if [ -z "$pids" ]; then
    # Twice, because a server that was just being started may not be visible yet.
    quiet=$((quiet + 1))
    [ $quiet -eq 1 ] && { release_memory; remove; sleep 0.02; }
    continue
  fi
  quiet=0
  if [ $round -ge $patience ]; then
    send KILL $pids
  else
    [ $((round % 50)) -eq 0 ] && send CONT $pids
    for pid in $pids; do
      name=$(cat "/proc/$pid/comm" 2>/dev/null)
      case $name in cp | initdb) send KILL "$pid" ;; esac
    done
    for file in "$dir"/*/postmaster.pid; do
      [ -f "$file" ] || continue
      read -r postmaster < "$file"
      for pid in $pids; do [ "$pid" = "$postmaster" ] && send $polite "$pid"; done
    done
  fi
  round=$((round + 1))
  sleep 0.02
done
remove last
for link in "$ports"/*; do [ -L "$link" ] && [ ! -e "$link" ] && rm -f "$link"; done
exit 0
`;
