// SPDX-License-Identifier: Apache-2.0

// Scenarios of a container's life: create, start, state, list, ps, kill, delete, run, and what is refused on the way.
package main

import (
	"bufio"
	"os"

	runc "github.com/containerd/go-runc"
)

func lifecycle(c *client) {
	_, err := c.Version(c.ctx)
	must(err, "version")
	none, err := c.List(c.ctx)
	must(err, "list of none")
	expect(len(none) == 0, "%d containers in an empty directory", len(none))

	c.create()
	state, err := c.State(c.ctx, c.id)
	must(err, "state")
	expect(state.Status == "created" && state.ID == c.id, "state %+v", state)
	expect(state.Bundle == c.bundle && state.Rootfs == c.bundle+"/rootfs", "state %+v", state)
	expect(!state.Created.IsZero(), "no time of creation")
	pid, err := runc.ReadPidFile(c.pidFile())
	must(err, "pid file")
	expect(pid == state.Pid, "pid file %d, state %d", pid, state.Pid)

	must(c.Start(c.ctx, c.id), "start")
	c.is("running")
	all, err := c.List(c.ctx)
	must(err, "list")
	expect(len(all) == 1 && all[0].ID == c.id && all[0].Pid == pid, "list %+v", all)
	processes(c, pid)

	must(c.Kill(c.ctx, c.id, 9, nil), "kill")
	c.become("stopped")
	must(c.Delete(c.ctx, c.id, nil), "delete")
	_, err = c.State(c.ctx, c.id)
	refused(err, "does not exist")
	c.remove() // of what does not exist: the shim's clean-up may come twice
}

func processes(c *client, pid int) {
	pids, err := c.Ps(c.ctx, c.id)
	must(err, "ps")
	expect(len(pids) == 1 && pids[0] == pid, "ps %v", pids)
	top, err := c.Top(c.ctx, c.id, "-eopid,comm")
	must(err, "top")
	expect(len(top.Headers) == 2 && len(top.Processes) == 1, "top %+v", top)
}

// output: the exit code of run and what the program printed.
func output(c *client) {
	streams, err := runc.NewPipeIO(0, 0)
	must(err, "pipes")
	status, err := c.Run(c.ctx, c.id, c.bundle, &runc.CreateOpts{IO: streams})
	code(err, 7)
	expect(status == 7, "status %d", status)
	line, _ := bufio.NewReader(streams.Stdout()).ReadString('\n')
	expect(line == "out\n", "standard output %q", line)
	line, _ = bufio.NewReader(streams.Stderr()).ReadString('\n')
	expect(line == "err\n", "standard error %q", line)
	streams.Close()
}

// mistakes: the words that containerd's shim turns into its own errors.
func mistakes(c *client) {
	_, err := c.State(c.ctx, "nobody")
	refused(err, "does not exist")
	refused(c.Kill(c.ctx, "nobody", 9, nil), "does not exist")
	refused(c.Delete(c.ctx, "nobody", nil), "does not exist")
	_, err = c.Stats(c.ctx, "nobody")
	expect(err != nil, "figures of nobody")

	c.running()
	code(c.Create(c.ctx, c.id, c.bundle, &runc.CreateOpts{IO: null()}), 1)
	refused(c.Create(c.ctx, c.id, c.bundle, &runc.CreateOpts{}), "already exists")
	refused(c.Start(c.ctx, c.id), "cannot start an already running container")
	refused(c.Delete(c.ctx, c.id, nil), "that is not stopped")
	refused(c.Resume(c.ctx, c.id), "container not paused")
	must(c.Kill(c.ctx, c.id, 9, &runc.KillOpts{All: true}), "kill --all")
	c.become("stopped")
	refused(c.Kill(c.ctx, c.id, 9, nil), "container not running")
	refused(c.Pause(c.ctx, c.id), "container not running")
	refused(c.Start(c.ctx, c.id), "cannot start a container that has stopped")
	must(c.Delete(c.ctx, c.id, nil), "delete")
}

// files: what the caller hands over is at descriptor 3 of the program, and nothing else.
func files(c *client) {
	reader, writer, err := os.Pipe()
	must(err, "pipe")
	options := &runc.CreateOpts{IO: null(), ExtraFiles: []*os.File{writer}, NoNewKeyring: true}
	must(c.Create(c.ctx, c.id, c.bundle, options), "create")
	writer.Close()
	must(c.Start(c.ctx, c.id), "start")
	line, _ := bufio.NewReader(reader).ReadString('\n')
	expect(line == "through 3\n", "descriptor 3 said %q", line)
	c.remove()
}
