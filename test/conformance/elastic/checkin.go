package main

import (
	"errors"
	"maps"
	"sync"
	"time"
)

// checkin is one long-lived agent: at each interval a new connection, and a request on one that is kept alive.
type checkin struct {
	stop, stopped   chan struct{}
	fresh, keptOpen tally
}

// tally counts requests and the texts of those that failed.
type tally struct {
	mutex     sync.Mutex
	succeeded int
	failures  map[string]int
}

func (t *tally) count(err error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if err == nil {
		t.succeeded++
		return
	}
	if t.failures == nil {
		t.failures = map[string]int{}
	}
	t.failures[err.Error()]++
}

func (t *tally) stats() answer {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	failed := 0
	for _, count := range t.failures {
		failed += count
	}
	failures := maps.Clone(t.failures)
	if failures == nil {
		failures = map[string]int{}
	}
	return answer{"succeeded": t.succeeded, "failed": failed, "errors": failures}
}

// startCheckin loads both clients once, as a running agent does; what changes on disk later reaches them by reload only.
func (v *validator) startCheckin(r request) (answer, error) {
	if r.IntervalMs <= 0 {
		return nil, errors.New("intervalMs must be above 0")
	}
	fresh, err := v.newClient(r, false)
	if err != nil {
		return nil, err
	}
	keptOpen, err := v.newClient(r, true)
	if err != nil {
		return nil, err
	}
	c := &checkin{stop: make(chan struct{}), stopped: make(chan struct{})}
	go c.run(fresh, keptOpen, time.Duration(r.IntervalMs)*time.Millisecond)
	return answer{"checkin": keep(v, v.checkins, c)}, nil
}

func (c *checkin) run(fresh, keptOpen *client, interval time.Duration) {
	defer close(c.stopped)
	defer fresh.http.CloseIdleConnections()
	defer keptOpen.http.CloseIdleConnections()
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		_, err := fresh.get()
		c.fresh.count(err)
		_, err = keptOpen.get()
		c.keptOpen.count(err)
		select {
		case <-c.stop:
			return
		case <-ticker.C:
		}
	}
}

func (c *checkin) stats() answer {
	return answer{"fresh": c.fresh.stats(), "keptOpen": c.keptOpen.stats()}
}

func (v *validator) checkinStats(r request) (answer, error) {
	c, err := find(v, v.checkins, "check-in", r.Checkin)
	if err != nil {
		return nil, err
	}
	return c.stats(), nil
}

func (v *validator) stopCheckin(r request) (answer, error) {
	c, err := take(v, v.checkins, "check-in", r.Checkin)
	if err != nil {
		return nil, err
	}
	close(c.stop)
	<-c.stopped
	return c.stats(), nil
}
