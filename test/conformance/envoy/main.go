// Reads the file of a whole Envoy bootstrap as Envoy does: YAML to JSON to Envoy's own types, unknown fields refused, and
// judges it, and whatever it contains as Any, by the rules of Envoy's API.
package main

import (
	"errors"
	"fmt"
	"os"

	bootstrap "github.com/envoyproxy/go-control-plane/envoy/config/bootstrap/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/router/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/anypb"
	"sigs.k8s.io/yaml"
)

type validated interface{ ValidateAll() error }

func main() {
	if err := check(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	json, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return err
	}
	message := &bootstrap.Bootstrap{}
	if err := protojson.Unmarshal(json, message); err != nil {
		return err
	}
	seen := map[string]int{}
	err = validate(message, seen)
	for name, count := range seen {
		fmt.Println(name, count)
	}
	return err
}

func validate(message proto.Message, seen map[string]int) error {
	seen[string(message.ProtoReflect().Descriptor().FullName())]++
	var problems []error
	if own, ok := message.(validated); ok {
		problems = append(problems, own.ValidateAll())
	}
	problems = append(problems, inside(message.ProtoReflect(), seen))
	return errors.Join(problems...)
}

// inside validates what a message contains as Any, which ValidateAll leaves closed.
func inside(message protoreflect.Message, seen map[string]int) error {
	if wrapped, ok := message.Interface().(*anypb.Any); ok {
		opened, err := wrapped.UnmarshalNew()
		if err != nil {
			return err
		}
		return validate(opened, seen)
	}
	var problems []error
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.IsMap() || field.Message() == nil:
		case field.IsList():
			for index := range value.List().Len() {
				problems = append(problems, inside(value.List().Get(index).Message(), seen))
			}
		default:
			problems = append(problems, inside(value.Message(), seen))
		}
		return true
	})
	return errors.Join(problems...)
}
