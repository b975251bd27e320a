package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// serving is a server from one start to the next: what it has loaded, and who is connected to it.
type serving struct {
	http      *http.Server
	listeners []net.Listener
	accepting sync.WaitGroup
	open      atomic.Int64
	retiring  atomic.Bool
}

// start serves on duplicates of the sockets, since whatever serves closes its listeners when it stops.
func (s *server) start(config *tls.Config) error {
	started := &serving{}
	started.http = &http.Server{
		TLSConfig:         config,
		ReadTimeout:       timeout,
		ReadHeaderTimeout: timeout,
		WriteTimeout:      timeout,
		IdleTimeout:       time.Minute,
		ErrorLog:          log.New(s, "", 0),
		ConnState:         started.count,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if started.retiring.Load() {
				// HTTP/2 has no such header: net/http then says GOAWAY.
				w.Header().Set("Connection", "close")
			}
			s.ServeHTTP(w, r)
		}),
	}
	for _, socket := range s.sockets {
		file, err := socket.File()
		if err != nil {
			return err
		}
		listener, err := net.FileListener(file)
		_ = file.Close()
		if err != nil {
			return err
		}
		started.listeners = append(started.listeners, listener)
		started.accepting.Add(1)
		go func() {
			defer started.accepting.Done()
			_ = started.http.Serve(tls.NewListener(listener, config))
		}()
	}
	s.serving = started
	return nil
}

func (s *serving) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.open.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.open.Add(-1)
	}
}

// retire takes no new connection and ends each one with its next answer. http.Server.Shutdown would not do: it cuts off
// an HTTP/2 connection whose first request is still on its way.
func (s *serving) retire(patience time.Duration) error {
	s.retiring.Store(true)
	for _, listener := range s.listeners {
		_ = listener.Close()
	}
	// Every accepted connection is counted once nothing accepts any more.
	s.accepting.Wait()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if s.open.Load() == 0 {
			return s.http.Close()
		}
		if time.Now().After(end) {
			return fmt.Errorf("stopping: %d connections are still open", s.open.Load())
		}
	}
}

// close ends at once what does not end by itself within a second.
func (s *serving) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if s.http.Shutdown(ctx) == nil {
		return nil
	}
	if err := s.http.Close(); err != nil {
		return fmt.Errorf("closing: %w", err)
	}
	return nil
}
