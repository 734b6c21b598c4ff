# shellcheck shell=sh
# Finds a JDK 25 or later. Sourced by ./segue and ./check, which are POSIX sh because macOS has the
# bash of 2007.

jdk_release=25

# The JDK's main release number, from the file that every JDK since 9 carries; 0 if it is no JDK.
jdk_release_of() {
  if [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
  else
    echo 0
  fi
}

# Prints the home of the java at $1, which may be a link to it, a home already, or nothing.
jdk_home_of() {
  if [ -d "$1" ]; then
    echo "$1"
  elif [ -x "$1" ]; then
    dirname "$(dirname "$(readlink -f "$1")")"
  fi
}

# Prints where JDKs may be, one a line, the user's own choice first.
jdk_candidates() {
  jdk_home_of "${JAVA_HOME:-}"
  jdk_home_of "$(command -v java)"
  for home in /usr/lib/jvm/*/ "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/*/; do
    [ -d "$home" ] && echo "${home%/}"
  done
  if [ -x /usr/libexec/java_home ]; then
    /usr/libexec/java_home -v "$jdk_release+" 2>/dev/null
  fi
  for home in /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -d "$home" ] && echo "$home"
  done
}

# Prints the home of the JDK to use, or says on stderr what to install and returns 69.
find_jdk() {
  if [ -n "${SEGUE_JAVA:-}" ]; then
    home=$(jdk_home_of "$SEGUE_JAVA")
    if [ "$(jdk_release_of "$home")" -ge "$jdk_release" ]; then
      echo "$home"
      return
    fi
    echo "segue: SEGUE_JAVA=$SEGUE_JAVA is not a JDK $jdk_release or later." >&2
    echo "Set it to the JDK's folder or to its bin/java, or unset it to search for one." >&2
    return 69
  fi
  found=$(jdk_candidates | while IFS= read -r home; do
    if [ "$(jdk_release_of "$home")" -ge "$jdk_release" ]; then
      echo "$home"
      break
    fi
  done)
  if [ -n "$found" ]; then
    echo "$found"
    return
  fi
  cat >&2 <<EOF
segue: no JDK $jdk_release or later found.
Searched JAVA_HOME, java on the PATH, /usr/lib/jvm, SDKMAN and macOS's JavaVirtualMachines.
Install one (Eclipse Temurin $jdk_release, for instance), or set SEGUE_JAVA to one that you have.
EOF
  return 69
}

# Makes Maven run on the JDK at $1. The options keep that JDK from warning about Maven's libraries.
maven_on() {
  JAVA_HOME=$1
  MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}"
  export JAVA_HOME MAVEN_OPTS
  if ! command -v mvn >/dev/null; then
    echo "segue: no mvn on the PATH. Install Apache Maven 3.8 or later, which builds Segue." >&2
    return 69
  fi
}
