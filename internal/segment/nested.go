package segment

import (
	"context"
	"fmt"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// otherSegment is the dimension by which a segment stands on others.
const otherSegment = "segment"

// maxNested bounds how deep segments may stand on one another.
const maxNested = 8

// nested lets a segment stand on others. Their conditions take its place before anything is asked, so it finds nobody by itself.
func (s *Service) nested() Dimension {
	return Dimension{Name: otherSegment, Group: "member", Takes: []string{Values}, Needs: []string{Values}, Options: s.saved, Check: idsOf[ID], Care: true,
		Find: func(context.Context, Node, When) (Part, error) {
			return Part{}, fmt.Errorf("segment: a tree was not expanded")
		}}
}

// expand replaces references to other segments by their conditions as they stand now.
func (s *Service) expand(ctx context.Context, t Tree) (Tree, error) {
	var err error
	t.Root, err = s.expandNode(ctx, t.Root, 0)
	return t, err
}

func (s *Service) expandNode(ctx context.Context, n Node, depth int) (Node, error) {
	if depth > maxNested*maxDepth {
		return n, fault.New(fault.Invalid, "segment.tree.circle")
	}
	if n.Op == Is && n.Dim != otherSegment {
		return n, nil
	}
	out := Node{Op: n.Op}
	if n.Op == Is {
		out.Op = Or
		for _, k := range keys(n.Values) {
			g, err := find(ctx, s.DB.Read(ctx), ID(k))
			if fault.Is(err, fault.NotFound) {
				err = fault.New(fault.Invalid, "segment.segment.gone")
			}
			if err != nil {
				return n, err
			}
			n.Nodes = append(n.Nodes, g.Tree.Root)
		}
	}
	for _, k := range n.Nodes {
		kid, err := s.expandNode(ctx, k, depth+1)
		if err != nil {
			return n, err
		}
		out.Nodes = append(out.Nodes, kid)
	}
	return out, nil
}

// saved offers the segments that the caller sees.
func (s *Service) saved(ctx context.Context, text string, values []string) ([]Option, error) {
	gs, err := listSegments(ctx, s.DB.Read(ctx), access.From(ctx).StaffID, "active")
	out := make([]Option, len(gs))
	for i, g := range gs {
		out[i] = Option{g.ID.String(), g.Name}
	}
	return chosen(out, text, values), err
}

// standsOn tells whether a tree refers to a segment, directly or through others.
func (s *Service) standsOn(ctx context.Context, n Node, id ID, depth int) (bool, error) {
	if depth > maxNested*maxDepth {
		return true, nil
	}
	if n.Op == Is && n.Dim == otherSegment {
		for _, k := range keys(n.Values) {
			if ID(k) == id {
				return true, nil
			}
			g, ok, err := db.First[row](ctx, s.DB.Read(ctx), selectSegment+" where g.id = $1", k)
			if err != nil || !ok {
				return false, err
			}
			t, err := readTree(g.Stored)
			if err != nil {
				return false, err
			}
			if yes, err := s.standsOn(ctx, t.Root, id, depth+1); yes || err != nil {
				return yes, err
			}
		}
	}
	for _, k := range n.Nodes {
		if yes, err := s.standsOn(ctx, k, id, depth+1); yes || err != nil {
			return yes, err
		}
	}
	return false, nil
}
