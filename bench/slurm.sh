#!/usr/bin/env bash
# A one-node Slurm from Debian's packages, without systemd, runs a sweep as a job array; a job is killed and requeued in the middle, and its run must end with
# the same bytes as one that nobody disturbed. For a machine of your own or a container: it installs packages and starts daemons, as root. Not part of CI.
# usage: bench/slurm.sh [CHARRNN]
set -euo pipefail
charrnn=$(realpath "${1:-out/charrnn}") root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d) pids=()
if ! { command -v slurmctld && command -v slurmd && command -v sbatch && command -v munged; } > /dev/null; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurmctld slurmd slurm-client munge > /dev/null
fi
stop() { for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done; wait 2> /dev/null || true; }
trap 'stop; rm -rf "$work"' EXIT

# munge proves who speaks; Slurm's own state stays in the folder that goes away.
[ -f /etc/munge/munge.key ] || { dd if=/dev/urandom of=/etc/munge/munge.key bs=1 count=1024 status=none; chown munge: /etc/munge/munge.key; chmod 400 /etc/munge/munge.key; }
mkdir -p /run/munge && chown munge: /run/munge
su munge -s /bin/sh -c 'exec munged --foreground' > "$work/munged.log" 2>&1 & pids+=($!)
cat > "$work/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ReturnToService=2
MpiDefault=none
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf
mkdir -p "$work/state" "$work/spool"
slurmctld -D > "$work/slurmctld.log" 2>&1 & pids+=($!)
slurmd -D > "$work/slurmd.log" 2>&1 & pids+=($!)
for ((i = 0; i < 60; i++)); do sinfo -h -o %T 2> /dev/null | grep -q idle && break; sleep 1; done
sinfo -h -o %T | grep -q idle || { echo "Slurm did not come up:"; tail -n 20 "$work"/*.log; exit 1; }
echo "Slurm $(sinfo --version) is up"

# The sweep as docs/sweeps.md has it. Long enough that a job can be caught in the middle.
cd "$work"
cp "$root/src/Rnn/Text/BuiltIn/tale.txt" tale.txt
options=(tale.txt --out runs --eta 0.1,0.05 --seed 1..2 --steps 400000 --checkpoint-every 1s --sample-every 0)
"$charrnn" sweep "${options[@]}" --list > runs.txt
cat > job.sh <<'JOB'
#!/bin/bash
#SBATCH --array=1-4
#SBATCH --requeue
#SBATCH --cpus-per-task=1
#SBATCH --output=job-%a.log --open-mode=append
sh -c "$(sed -n "${SLURM_ARRAY_TASK_ID}p" runs.txt)"
JOB
job=$(sbatch --parsable job.sh)
victim=eta-0.1_seed-1
for ((i = 0; i < 600; i++)); do [ -f "runs/$victim/last.safetensors" ] && break; sleep 0.1; done
[ -f "runs/$victim/last.safetensors" ] || { echo "the first job saved nothing"; cat job-*.log; exit 1; }
pid=$(pgrep -f -- "--out $work/runs/$victim " | tail -n 1)
kill -KILL "$pid"
scontrol requeue "${job}_1"
echo "killed and requeued job ${job}_1 after update $("$charrnn" sweep --collect runs --json | sed -E "s/.*\"name\":\"$victim\",\"seed\":1,\"steps\":([0-9]+).*/\1/")"
for ((i = 0; i < 900; i++)); do [ -z "$(squeue -h -j "$job" 2> /dev/null)" ] && break; sleep 1; done
[ -z "$(squeue -h -j "$job" 2> /dev/null)" ] || { echo "the jobs do not end"; squeue; cat job-*.log; exit 1; }
"$charrnn" sweep --collect runs

# The same run, undisturbed.
"$charrnn" train tale.txt --out alone --eta 0.1 --seed 1 --steps 400000 --sample-every 0 --quiet > /dev/null
cmp "runs/$victim/last.safetensors" alone/last.safetensors
echo "the killed run ends with the same bytes as one that nobody disturbed"
