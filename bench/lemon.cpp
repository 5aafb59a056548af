// LEMON's network simplex behind a C function, to measure ours against.
#include <cstdint>
#include <lemon/network_simplex.h>
#include <lemon/static_graph.h>
#include <utility>
#include <vector>

extern "C" int64_t lemon_cost(int nodes, int64_t arcs, const int *tail, const int *head, const int64_t *capacity,
                              const int64_t *cost, const int64_t *supply, int *status) {
  lemon::StaticDigraph graph;
  std::vector<std::pair<int, int>> ends(arcs);
  for (int64_t arc = 0; arc < arcs; arc++) ends[arc] = {tail[arc], head[arc]};
  graph.build(nodes, ends.begin(), ends.end());
  lemon::StaticDigraph::ArcMap<int64_t> upper(graph), price(graph);
  lemon::StaticDigraph::NodeMap<int64_t> balance(graph);
  for (int64_t arc = 0; arc < arcs; arc++) {
    upper[graph.arc(arc)] = capacity[arc];
    price[graph.arc(arc)] = cost[arc];
  }
  for (int node = 0; node < nodes; node++) balance[graph.node(node)] = supply[node];
  lemon::NetworkSimplex<lemon::StaticDigraph, int64_t, int64_t> simplex(graph);
  simplex.upperMap(upper).costMap(price).supplyMap(balance);
  *status = static_cast<int>(simplex.run());
  return simplex.totalCost<int64_t>();
}
