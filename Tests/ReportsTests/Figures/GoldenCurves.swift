// swift-format-ignore-file: lines of gnuplot are as long as they are.

/// The script of the curves in `FigureScriptTests`; what a failing test prints replaces it, once
/// the picture has been looked at.
let goldenCurves = #"""
  # Draws curves.csv; run `gnuplot curves.gp` in this folder.
  set encoding utf8
  set datafile separator ','
  set border 3 linecolor rgb '#666666' linewidth 1
  set tics nomirror out scale 0.6 textcolor rgb '#222222'
  set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
  set key at screen 0.015, screen 0.9786 left top vertical maxrows 1 Left reverse noenhanced samplen 2.2 width -0.5 textcolor rgb '#222222'
  set tmargin at screen 0.9089
  set rmargin at screen 0.952
  set xrange [0.0:20.0]
  set xtics ('0' 0.0, '2' 2.0, '4' 4.0, '6' 6.0, '8' 8.0, '10' 10.0, '12' 12.0, '14' 14.0, '16' 16.0, '18' 18.0, '20' 20.0)
  set xlabel 'meta-step' noenhanced
  set yrange [0.3565003748969979:4.488073821695927]
  set logscale y
  set ytics ('0.5' 0.5, '1' 1.0, '2' 2.0)
  set ylabel 'it''s loss_1' noenhanced
  of(number, value) = (column(1) == number ? value : NaN)
  bottom = 0.35650037525349826
  top = 4.488073817207853
  inside(value) = (value < bottom ? bottom : value > top ? top : value)
  set style fill solid 0.18 noborder

  set terminal svg size 900,560 enhanced font 'sans-serif,18' background rgb '#ffffff'
  set output 'curves.svg'
  plot 'curves.csv' skip 1 using (of(1, $2)):(inside($4)):(inside($5)) with filledcurves linecolor rgb '#0072b2' notitle, \
       '' skip 1 using (of(2, $2)):3 with points pointtype 7 pointsize 0.6 linewidth 2.4 linecolor rgb '#d55e00' notitle, \
       '' skip 1 using (of(1, $2)):3 with lines linewidth 2.4 linecolor rgb '#0072b2' notitle, \
       '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#0072b2' title 'learned', \
       '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#d55e00' title 'tuned, "best"', \
       '' skip 1 using (NaN):(NaN):(NaN) with filledcurves linecolor rgb '#444444' title '95 % interval'

  set terminal pngcairo size 900,560 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
  set output 'curves.png'
  replot
  set output

  """#
