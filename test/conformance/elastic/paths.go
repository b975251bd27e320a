package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
)

var windowsAbsolute = regexp.MustCompile(`^([A-Za-z]:[\\/]|\\\\[^\\]+\\[^\\]+)`)

// hostPaths knows what a host's path means: whether it is absolute there, and where Terraform wrote the file here.
type hostPaths struct {
	directories map[string]string
	windows     bool
}

// absolute is filepath.IsAbs of the host, which need not be this machine.
func (p hostPaths) absolute(path string) bool {
	if p.windows {
		return windowsAbsolute.MatchString(path)
	}
	return strings.HasPrefix(path, "/")
}

func (p hostPaths) slashed(path string) string {
	if p.windows {
		path = strings.ReplaceAll(path, `\`, "/")
	}
	return strings.TrimSuffix(path, "/")
}

// local maps a host's path by its longest given prefix; an exact file path is a prefix too. Empty stays empty.
func (p hostPaths) local(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	wanted, found, local := p.slashed(path), "", ""
	for from, to := range p.directories {
		from = p.slashed(from)
		if rest, below := strings.CutPrefix(wanted, from); below && (rest == "" || rest[0] == '/') && len(from) >= len(found) {
			found, local = from, filepath.Join(to, rest)
		}
	}
	if local == "" {
		return "", fmt.Errorf("no directory is given for the host path %s", path)
	}
	return local, nil
}

func (p hostPaths) localAll(paths []string) ([]string, error) {
	locals := make([]string, 0, len(paths))
	for _, path := range paths {
		local, err := p.local(path)
		if err != nil {
			return nil, err
		}
		locals = append(locals, local)
	}
	return locals, nil
}
