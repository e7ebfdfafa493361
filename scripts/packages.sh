# Sourced by ./run and ./test: installs the Debian packages that are missing, and says which and why.

# need WHY PACKAGE[:COMMAND]...  A package counts as present when dpkg has it, or when COMMAND can be run already (a toolchain
# that somebody installed by other means is good enough).
need() {
  local why=$1 item have missing=()
  shift
  have=" $(dpkg-query -W -f '${db:Status-Abbrev}${Package} ' "${@%%:*}" 2>/dev/null || true) "
  for item in "$@"; do
    [[ $have == *" ii ${item%%:*} "* ]] && continue
    [[ $item == *:* ]] && command -v "${item##*:}" >/dev/null && continue
    missing+=("${item%%:*}")
  done
  ((${#missing[@]} == 0)) && return 0
  echo "Installing for $why: ${missing[*]}"
  if [[ " ${missing[*]} " == *" postgresql-15 "* ]]; then
    without_main_cluster
  fi
  apt_install "${missing[@]}"
}

# Debian's postgresql-15 makes a cluster named "main" and starts it on port 5432 unless it is told beforehand; Avow
# has its own.
without_main_cluster() {
  [[ $(dpkg-query -W -f '${db:Status-Abbrev}' postgresql-common 2>/dev/null) == "ii " ]] && return # somebody else's choice
  apt_install postgresql-common
  as_root sed -i 's/^#* *create_main_cluster *=.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
}

apt_lists_are_fresh=
apt_install() {
  local log
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  if [[ -z $apt_lists_are_fresh ]]; then
    as_root apt-get -qq update >"$log" 2>&1 || cat "$log" >&2 # an old list may do
    apt_lists_are_fresh=yes
  fi
  if ! as_root apt-get -qq -y -o Dpkg::Use-Pty=0 install --no-install-recommends "$@" >"$log" 2>&1; then
    cat "$log" >&2
    echo "apt-get could not install: $*" >&2
    exit 1
  fi
  rm -f "$log"
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo --preserve-env=DEBIAN_FRONTEND "$@"
  else
    echo "This needs root and there is no sudo: $*" >&2
    exit 1
  fi
}

need_to_build() {
  need "building" gcc libc6-dev cmake:cmake ninja-build:ninja pkg-config:pkg-config gawk:gawk \
    libh2o-evloop-dev libssl-dev libpq-dev libjansson-dev libpcre2-dev libcurl4-openssl-dev zlib1g-dev libcrypt-dev
  need "building the pages" nodejs:node npm:npm ca-certificates
}

need_to_serve() {
  need "the embedded PostgreSQL" postgresql-15
}
