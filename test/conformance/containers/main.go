// Reads files of containers as the programs do that take them, unknown fields refused:
//
//	containers kubernetes FILE   every object, by Kubernetes' own types; prints each as JSON
//	containers compose FILE      a Compose file, by Compose's loader; prints its services as JSON
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/dotenv"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	kubernetesjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

func main() {
	read := map[string]func(string) (any, error){"kubernetes": objects, "compose": services}[os.Args[1]]
	result, err := read(os.Args[2])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(result)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func objects(file string) (any, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var all []any
	for _, document := range bytes.Split(text, []byte("\n---\n")) {
		var head struct {
			Kind string `json:"kind"`
		}
		if err := yaml.Unmarshal(document, &head); err != nil {
			return nil, err
		}
		object := map[string]any{
			"Deployment": &appsv1.Deployment{},
			"Secret":     &corev1.Secret{},
			"Service":    &corev1.Service{},
		}[head.Kind]
		if object == nil {
			return nil, fmt.Errorf("the kind %q is not read here", head.Kind)
		}
		text, err := yaml.YAMLToJSONStrict(document)
		if err != nil {
			return nil, err
		}
		strict, err := kubernetesjson.UnmarshalStrict(text, object)
		if err := errors.Join(append(strict, err)...); err != nil {
			return nil, err
		}
		all = append(all, object)
	}
	return all, nil
}

func services(file string) (any, error) {
	// Compose itself registers this format, which is that of `docker run --env-file`.
	dotenv.RegisterFormat("raw", raw)
	options, err := cli.NewProjectOptions([]string{file}, cli.WithOsEnv, cli.WithName("fleet"))
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	return project.Services, nil
}

func raw(reader io.Reader, _ string, vars map[string]string, lookup func(string) (string, bool)) error {
	lines := bufio.NewScanner(reader)
	for lines.Scan() {
		name, value, found := strings.Cut(lines.Text(), "=")
		if !found {
			value, found = lookup(name)
		}
		if found {
			vars[name] = value
		}
	}
	return lines.Err()
}
