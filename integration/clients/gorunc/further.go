// SPDX-License-Identifier: Apache-2.0

// Scenarios of the further commands: exec, terminals, figures and events, the freezer, limits.
package main

import (
	"bufio"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/containerd/console"
	runc "github.com/containerd/go-runc"
	specs "github.com/opencontainers/runtime-spec/specs-go"
)

func execute(c *client) {
	c.running()
	streams, err := runc.NewPipeIO(0, 0)
	must(err, "pipes")
	err = c.Exec(c.ctx, c.id, process("/bin/sh", "-c", "read word; echo got $word; exit 9"), execOptions(streams, "word\n"))
	code(err, 9)
	line, _ := bufio.NewReader(streams.Stdout()).ReadString('\n')
	expect(line == "got word\n", "exec said %q", line)
	streams.Close()

	file := filepath.Join(c.work, "exec-pid")
	must(c.Exec(c.ctx, c.id, process("/bin/sleep", "100"), &runc.ExecOpts{IO: null(), Detach: true, PidFile: file}), "exec --detach")
	pid, err := runc.ReadPidFile(file)
	must(err, "pid file of exec")
	pids, err := c.Ps(c.ctx, c.id)
	must(err, "ps")
	expect(len(pids) == 2 && (pids[0] == pid || pids[1] == pid), "ps %v has not %d", pids, pid)

	err = c.Exec(c.ctx, c.id, process("nosuch"), &runc.ExecOpts{})
	code(err, 255)
	refused(err, "executable file not found in $PATH")
	must(c.Kill(c.ctx, c.id, 9, nil), "kill")
	c.become("stopped")
	refused(c.Exec(c.ctx, c.id, process("/bin/sh"), &runc.ExecOpts{}), "cannot exec in a stopped container")
	c.remove()
}

// execOptions has the input waiting in the pipe.
func execOptions(streams runc.IO, input string) *runc.ExecOpts {
	_, err := streams.Stdin().Write([]byte(input))
	must(err, "write the input")
	return &runc.ExecOpts{IO: streams}
}

// terminal: of the container and of exec, each through a socket of go-runc's.
func terminal(c *client) {
	through := func(what string, do func(*runc.Socket) error) *bufio.Reader {
		socket, err := runc.NewTempConsoleSocket()
		must(err, "console socket")
		defer socket.Close()
		must(do(socket), what)
		master, err := socket.ReceiveMaster()
		must(err, "receive the terminal of "+what)
		must(master.Resize(console.WinSize{Height: 31, Width: 97}), "resize")
		_, err = master.Write([]byte("word\n"))
		must(err, "type")
		return bufio.NewReader(master)
	}
	mine := through("create", func(socket *runc.Socket) error {
		return c.Create(c.ctx, c.id, c.bundle, &runc.CreateOpts{IO: null(), ConsoleSocket: socket})
	})
	must(c.Start(c.ctx, c.id), "start")
	says(mine, "got word")
	says(mine, "winsize 31 97")
	object := process("/bin/sh", "-c", "read word; echo exec $word; tty")
	object.Terminal = true
	other := through("exec", func(socket *runc.Socket) error {
		return c.Exec(c.ctx, c.id, object, &runc.ExecOpts{IO: null(), Detach: true, ConsoleSocket: socket})
	})
	says(other, "exec word")
	says(other, "/dev/pts/1")
	c.remove()
}

// says reads lines until one is the text.
func says(from *bufio.Reader, text string) {
	for {
		line, err := from.ReadString('\n')
		if strings.TrimRight(line, "\r\n") == text {
			return
		}
		expect(err == nil, "the terminal never said %q: %v", text, err)
	}
}

func figures(c *client) {
	c.running()
	stats, err := c.Stats(c.ctx, c.id)
	// go-runc waits for the command while it still reads its output, and the wait closes the pipe: when the command is faster
	// than the reader, the figures are lost. Nothing the command can do about it, so they are asked for again.
	for tries := 0; errors.Is(err, os.ErrClosed) && tries < 100; tries++ {
		stats, err = c.Stats(c.ctx, c.id)
	}
	must(err, "figures")
	expect(stats != nil, "no figures")
	expect(stats.Cpu.Usage.Total > 0, "no CPU time: %+v", stats.Cpu)
	c.remove()
}

// events: figures once a second, and the end of the stream when the container has ended.
func events(c *client) {
	c.running()
	stream, err := c.Events(c.ctx, c.id, time.Second)
	must(err, "events")
	event := <-stream
	expect(event.Type == "stats" && event.ID == c.id && event.Stats != nil, "event %+v", event)
	must(c.Kill(c.ctx, c.id, 9, nil), "kill")
	// go-runc closes its end of the pipe when the command has ended: an error in place of the end, for ever, is its own doing.
	for event := range stream {
		if event.Err != nil {
			break
		}
		expect(event.Type == "stats", "event %+v", event)
	}
	c.remove()
}

func freezer(c *client) {
	c.running()
	must(c.Pause(c.ctx, c.id), "pause")
	c.is("paused")
	refused(c.Exec(c.ctx, c.id, process("/bin/sh"), &runc.ExecOpts{}), "cannot exec in a paused container")
	refused(c.Delete(c.ctx, c.id, nil), "that is not stopped")
	must(c.Resume(c.ctx, c.id), "resume")
	c.is("running")
	must(c.Pause(c.ctx, c.id), "pause again")
	must(c.Kill(c.ctx, c.id, 9, nil), "kill while paused")
	c.become("stopped")
	c.remove()
}

// update: a limit that no controller of any host lacks (none), and one that no host has.
func update(c *client) {
	c.running()
	must(c.Update(c.ctx, c.id, &specs.LinuxResources{}), "update of nothing")
	refused(c.Update(c.ctx, c.id, &specs.LinuxResources{Unified: map[string]string{"nonsense.max": "1"}}), "nonsense")
	limit := []specs.LinuxHugepageLimit{{Pagesize: "2MB", Limit: 8388608}}
	must(c.Update(c.ctx, c.id, &specs.LinuxResources{HugepageLimits: limit}), "update of huge pages")
	c.is("running")
}
