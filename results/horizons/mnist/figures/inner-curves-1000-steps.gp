# Draws inner-curves-1000-steps.csv; run `gnuplot inner-curves-1000-steps.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.8805 left top vertical maxrows 2 Left reverse noenhanced samplen 2.2 width -3.5 textcolor rgb '#222222'
set tmargin at screen 0.7679
set rmargin at screen 0.952
set label 'Mean losses of test runs of 1000 steps' at screen 0.02, screen 0.959 left noenhanced font ',22'
set label 'ablation-mnist; 10 repetitions of 20 test runs' at screen 0.02, screen 0.913 left noenhanced font ',16' textcolor rgb '#555555'
set xrange [0.0:1000.0]
set xtics ('0' 0.0, '200' 200.0, '400' 400.0, '600' 600.0, '800' 800.0, '1000' 1000.0)
set xlabel 'inner step' noenhanced
set yrange [0.2123425224413817:2.6167173238271375]
set logscale y
set ytics ('0.5' 0.5, '1' 1.0, '2' 2.0)
set ylabel 'test loss' noenhanced
of(number, value) = (column(1) == number ? value : NaN)
bottom = 0.2123425226537242
top = 2.61671732121042
inside(value) = (value < bottom ? bottom : value > top ? top : value)
set style fill solid 0.18 noborder

set terminal svg size 900,586 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'inner-curves-1000-steps.svg'
plot 'inner-curves-1000-steps.csv' skip 1 using (of(4, $2)):3 with lines linewidth 2.4 linecolor rgb '#cc79a7' notitle, \
     '' skip 1 using (of(3, $2)):3 with lines linewidth 2.4 linecolor rgb '#009e73' notitle, \
     '' skip 1 using (of(2, $2)):3 with lines linewidth 2.4 linecolor rgb '#d55e00' notitle, \
     '' skip 1 using (of(1, $2)):3 with lines linewidth 2.4 linecolor rgb '#0072b2' notitle, \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#0072b2' title 'tuned uniform', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#d55e00' title 'tuned layer-factor by tensor', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#009e73' title 'learned per tensor', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#cc79a7' title 'learned per parameter'

set terminal pngcairo size 900,586 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'inner-curves-1000-steps.png'
replot
set output
