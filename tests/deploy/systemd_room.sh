# Start systemd as the first process of a room of its own, with one service in it: the command that is given.
#
#   systemd_room.sh CHECKOUT ENVIRONMENT_PREFIX PYTHON_PREFIX FOLDER LOG COMMAND...
#
# The room shares the machine's network and its read-only files; /run and /var/lib are its own and gone afterwards. The
# checkout and Python stand at /run/checkout and /run/venv, since a unit of a learner may not look into home folders;
# a copy of the folder stands at /run/room.
set -euo pipefail
if [ "$1" != inside ]; then
  exec unshare --fork --kill-child --pid --mount --ipc --uts --mount-proc bash "$0" inside "$@"
fi
shift
checkout=$1 prefix=$2 base=$3 folder=$4 log=$5
shift 5
mount --make-rprivate /
held=$(mktemp -d)
cp -a "$folder" "$held/room"
mount -t tmpfs -o mode=755 tmpfs /var/lib
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/checkout /run/python /run/venv/lib /run/venv/share /run/lock /run/units
mount --bind "$checkout" /run/checkout
mount --bind "$base" /run/python
mount --bind "$prefix/lib" /run/venv/lib
mount --bind "$prefix/share" /run/venv/share
cp -a "$prefix/bin" /run/venv/bin
grep -lIE '^#!.*python' /run/venv/bin/* | xargs sed -i '1s|^#!.*|#!/run/venv/bin/python|'
rm -f /run/venv/bin/python*
ln -s "$(echo /run/python/bin/python3.[0-9][0-9])" /run/venv/bin/python
# The package is installed as a path to the checkout, which may lie in a home folder or below /tmp: units have a /tmp of their own.
echo /run/checkout > /run/checkout.pth
for file in /run/venv/lib/python3.*/site-packages/*medlabs*.pth; do mount --bind /run/checkout.pth "$file"; done
# Its own shared library, if it has one, is looked for where Python was built: that may be a closed home folder.
{ echo /run/python/lib; cat /etc/ld.so.conf; } > /run/ld.so.conf
ldconfig -X -f /run/ld.so.conf -C /run/ld.so.cache
mount --bind /run/ld.so.cache /etc/ld.so.cache
echo "home = /run/python/bin" > /run/venv/pyvenv.cfg
mv "$held/room" /run/room
find /run/room/cohort -maxdepth 2 -type f \( -name cohort.toml -o -name nbgrader_config.py \) -exec sed -i "s|$folder|/run/room|g" {} +
env | grep -E '^(PATH|LANG|PYTHONPATH|MEDLABS_|TEST_)' | sed -E 's/^([^=]+)=(.*)$/\1="\2"/' > /run/hub.env
for target in sysinit basic shutdown; do  # what every unit waits for; here nothing is to be done for them
  printf '[Unit]\nDefaultDependencies=no\n' > "/run/units/$target.target"
done
cat > /run/units/hub.service <<UNIT
[Unit]
DefaultDependencies=no
SuccessAction=exit-force
FailureAction=exit-force
[Service]
EnvironmentFile=/run/hub.env
WorkingDirectory=/run
ExecStart=$*
StandardOutput=append:$log
StandardError=append:$log
UNIT
export SYSTEMD_UNIT_PATH=/run/units container=medlabs
exec -c -a systemd env container=medlabs SYSTEMD_UNIT_PATH=/run/units /lib/systemd/systemd --system --unit=hub.service --log-target=console --log-level=warning --show-status=false
