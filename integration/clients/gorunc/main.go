// SPDX-License-Identifier: Apache-2.0

// gorunc SCENARIO: drives the program $CLIENT_RUNTIME through containerd's Go bindings, as its shim does, with the state
// directory $CLIENT_ROOT, the bundle $CLIENT_BUNDLE and the id $CLIENT_ID. Says what was wrong and ends with 1, or with 0.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	runc "github.com/containerd/go-runc"
	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

// client is one container and how it is spoken to.
type client struct {
	*runc.Runc
	id     string
	bundle string
	work   string
	ctx    context.Context
}

var scenarios = map[string]func(*client){
	"lifecycle": lifecycle,
	"output":    output,
	"exec":      execute,
	"terminal":  terminal,
	"figures":   figures,
	"events":    events,
	"freezer":   freezer,
	"update":    update,
	"mistakes":  mistakes,
	"files":     files,
}

// expect ends the program with what was seen unless the fact holds.
func expect(fact bool, format string, values ...interface{}) {
	if !fact {
		fmt.Printf("gorunc: "+format+"\n", values...)
		os.Exit(1)
	}
}

func must(err error, what string) { expect(err == nil, "%s: %v", what, err) }

// refused expects an error with these words; runc's clients look for them.
func refused(err error, words string) {
	expect(err != nil, "no error, expected %q", words)
	expect(strings.Contains(err.Error(), words), "%q is not in the error: %v", words, err)
}

// code expects go-runc's own error type, with this exit status.
func code(err error, status int) {
	var exit *runc.ExitError
	expect(errors.As(err, &exit), "no ExitError: %v", err)
	expect(exit.Status == status, "exit status %d, expected %d: %v", exit.Status, status, err)
}

func eventually(fact func() bool, what string) {
	for end := time.Now().Add(time.Minute); !fact(); time.Sleep(20 * time.Millisecond) {
		expect(time.Now().Before(end), "never true: %s", what)
	}
}

func (c *client) status() string {
	state, err := c.State(c.ctx, c.id)
	must(err, "state")
	return state.Status
}

func (c *client) is(status string) {
	now := c.status()
	expect(now == status, "the status is %s, expected %s", now, status)
}

func (c *client) become(status string) {
	eventually(func() bool { return c.status() == status }, "status "+status)
}

// null is /dev/null for one call: go-runc closes it when the command has started.
func null() runc.IO {
	streams, err := runc.NewNullIO()
	must(err, "null streams")
	return streams
}

// create makes the container with its streams on /dev/null, as the shim does when nobody listens.
func (c *client) create() {
	must(c.Create(c.ctx, c.id, c.bundle, &runc.CreateOpts{IO: null(), PidFile: c.pidFile()}), "create")
}

func (c *client) running() {
	c.create()
	must(c.Start(c.ctx, c.id), "start")
}

func (c *client) pidFile() string { return filepath.Join(c.work, "pid") }

func (c *client) remove() {
	must(c.Delete(c.ctx, c.id, &runc.DeleteOpts{Force: true}), "delete --force")
}

// process is a process object for exec.
func process(arguments ...string) specs.Process {
	return specs.Process{Args: arguments, Cwd: "/", Env: []string{"PATH=/bin"}}
}

func main() {
	scenario := scenarios[strings.Join(os.Args[1:], " ")]
	expect(scenario != nil, "unknown scenario %v", os.Args[1:])
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	root := os.Getenv("CLIENT_ROOT")
	rootless := false
	scenario(&client{
		Runc: &runc.Runc{
			Command:      os.Getenv("CLIENT_RUNTIME"),
			Root:         root,
			Log:          filepath.Join(filepath.Dir(root), "log.json"),
			LogFormat:    runc.JSON,
			PdeathSignal: unix.SIGKILL,
			Setpgid:      true,
			Rootless:     &rootless,
		},
		id:     os.Getenv("CLIENT_ID"),
		bundle: os.Getenv("CLIENT_BUNDLE"),
		work:   filepath.Dir(root),
		ctx:    ctx,
	})
}
